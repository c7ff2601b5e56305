/** A graph of Veer's own that is opened when it is needed: few runs need it. */

import type { Device } from '../../contract/devices.ts';
import type { Graph } from '../onnx/graph.ts';
import { openGraph } from './open-graph.ts';

export class LateGraph {
  readonly #open: () => Promise<Graph>;
  #opened: Promise<Graph> | null = null;

  constructor(path: string, device: Device, threads: number | null) {
    this.#open = () => openGraph(path, device, threads, 'cpu', true);
  }

  /** The same one every time. @throws VeerError as `openGraph` */
  graph(): Promise<Graph> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async dispose(): Promise<void> {
    await (await this.#opened?.catch(() => null))?.dispose();
  }
}
