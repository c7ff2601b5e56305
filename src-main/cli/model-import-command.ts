/** `veer models import`: progress, what was recognised, and the result. */

import { VeerError } from '../contract/errors.ts';
import type { ImportEvent } from '../contract/model-list.ts';
import { EXIT } from './exit-codes.ts';
import type { ModelActions, ModelCommandsContext } from './model-actions.ts';
import { ProgressLine, printable } from './terminal.ts';

/** @returns exit code. @throws VeerError for what keeps the model out */
export async function importCommand(
  request: Parameters<ModelActions['import']>[0],
  { streams, signal, actions }: ModelCommandsContext,
): Promise<number> {
  const line = new ProgressLine(streams.stderr);
  const { name } = request;
  try {
    const { import: importing } = await actions();
    for await (const event of importing(request, signal)) show(event);
    return EXIT.ok;
  } catch (error) {
    line.clear();
    const cancelled = error instanceof VeerError && error.code === 'CANCELLED';
    if (!cancelled && !signal.aborted) throw error;
    streams.stderr.write('Cancelled. Nothing of it was kept.\n');
    return EXIT.cancelled;
  }

  function show(event: ImportEvent): void {
    switch (event.type) {
      case 'copying':
        line.show(name, fraction(event), 'copying');
        return;
      case 'recognised': {
        line.clear();
        const { format, family, dtypes, sourceBytes, bytes } = event;
        streams.stderr.write(
          `${name}: ${family} (${format}), ${megabytes(sourceBytes)}; ${dtypes.join(', ')}, ${megabytes(bytes)}\n`,
        );
        return;
      }
      case 'converting':
        line.show(name, fraction(event), event.dtype ?? 'reading');
        return;
      case 'checking':
        line.show(name, null, `trying ${event.dtype}`);
        return;
      case 'done': {
        line.clear();
        const { id, dtypes, bytes } = event.model;
        streams.stdout.write(
          printable(`${id} is imported and works: ${dtypes.join(', ')}, ${megabytes(bytes)}`),
        );
        streams.stdout.write('\n');
        return;
      }
      default:
        event satisfies never;
    }
  }
}

function fraction({ done, total }: { readonly done: number; readonly total: number }): number {
  return total === 0 ? 1 : Math.min(1, done / total);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
