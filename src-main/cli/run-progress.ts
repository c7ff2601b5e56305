/** What the progress line says while a file runs. */

import type { EngineEvent } from '../engine-client/engine-client.ts';
import type { ProgressLine } from './terminal.ts';

/** @returns takes the events of one file */
export function progressOf(progress: ProgressLine, label: string): (event: EngineEvent) => void {
  let fraction: number | null = 0;
  let note = 'loading the model';
  return (event) => {
    switch (event.type) {
      case 'ready':
        note = '';
        break;
      case 'restarted':
        fraction = 0;
        note = 'engine stopped, once more on the CPU';
        break;
      case 'progress':
        fraction = event.total === null ? null : event.done / Math.max(event.total, 1e-9);
        break;
      case 'partial':
        note = event.texts[0] ?? '';
        break;
      case 'segment':
        note = event.segment.variants[0]?.text ?? '';
        break;
      case 'done':
        break;
    }
    progress.show(label, fraction, note);
  };
}
