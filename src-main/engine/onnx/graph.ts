/** A loaded ONNX graph: named tensors in, named tensors out. */

import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../../contract/devices.ts';
import { causeMessage, VeerError } from '../../contract/errors.ts';
import { createSession, keepsOutputs, type OutputPlace } from './create-session.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

export class Graph {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Of every input: `float32`, `float16`, `int64`, … */
  readonly inputTypes: Readonly<Record<string, string>>;
  readonly #session: InferenceSession;
  readonly #outputsStay: boolean;

  private constructor(session: InferenceSession, outputsStay: boolean) {
    this.#session = session;
    this.#outputsStay = outputsStay;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    this.inputTypes = Object.fromEntries(
      session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : 'other']),
    );
  }

  /**
   * @param source path of an .onnx file, or its bytes
   * @param outputs and exactProducts as in `createSession`
   * @throws the library's error where the file or the device does not work
   */
  static async load(
    source: string | Uint8Array,
    device: Device,
    threads: number | null,
    outputs: OutputPlace = 'cpu',
    exactProducts = false,
  ): Promise<Graph> {
    const session = await createSession(source, device, threads, outputs, exactProducts);
    return new Graph(session, outputs === 'device' && keepsOutputs(device));
  }

  /**
   * Runs the graph once. The native call blocks this thread until it is done.
   *
   * @param outputs names of the outputs to fetch. Every fetched output is copied, so ask only for
   *   what is read: on decoders with caches this is the difference between 49 and 16 ms a token.
   *   Those that stay on the device are the caller's to dispose of.
   */
  async run<Name extends string>(
    feeds: Tensors,
    outputs: readonly Name[],
  ): Promise<Readonly<Record<Name, Tensor>>> {
    let results: InferenceSession.ReturnType;
    try {
      // A session that leaves them on the device gives the same ones at every run.
      results = await this.#session.run(feeds, this.#outputsStay ? this.outputNames : outputs);
    } catch (cause) {
      throw new VeerError(
        'INTERNAL',
        `The model stopped with an error. Try --device cpu, or another dtype. (${causeMessage(cause)})`,
        { cause },
      );
    }
    const wanted = this.#outputsStay ? withoutOthers(results, outputs) : results;
    return wanted as Readonly<Record<Name, Tensor>>;
  }

  /** Size of the last axis of an output; null where the graph leaves it open. */
  lastDimension(output: string): number | null {
    const metadata = this.#session.outputMetadata.find(({ name }) => name === output);
    const size = metadata?.isTensor ? metadata.shape.at(-1) : undefined;
    return typeof size === 'number' && size > 0 ? size : null;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** The outputs wanted; the others are disposed of. */
function withoutOthers(
  results: InferenceSession.ReturnType,
  wanted: readonly string[],
): InferenceSession.ReturnType {
  const others = Object.entries(results).filter(([name]) => !wanted.includes(name));
  for (const [, value] of others) value.dispose();
  return Object.fromEntries(Object.entries(results).filter(([name]) => wanted.includes(name)));
}
