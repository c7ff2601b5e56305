/** Runs graphs under construction on given numbers, for tests. */

import { createSession } from '../create-session.ts';
import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import { Tensor } from '../tensor.ts';

export type Numbers = Readonly<
  Record<string, { readonly values: readonly number[]; readonly dims: readonly number[] }>
>;

type Session = Awaited<ReturnType<typeof createSession>>;
type Real = 'float32' | 'float64';

/** A graph with real inputs that can be run again and again. */
export class RunnableGraph implements AsyncDisposable {
  readonly #session: Session;
  readonly #real: Real;

  private constructor(session: Session, real: Real) {
    this.#session = session;
    this.#real = real;
  }

  /** @param real what the graph was built with */
  static async of(
    g: GraphBuilder,
    outputs: Readonly<Record<string, Value>>,
    real: Real,
  ): Promise<RunnableGraph> {
    return new RunnableGraph(await createSession(g.build(outputs), 'cpu', 1), real);
  }

  /** @returns every output as numbers */
  async run(inputs: Numbers): Promise<Readonly<Record<string, readonly number[]>>> {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, dims }]) => {
        const data =
          this.#real === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
        return [name, new Tensor(this.#real, data, dims)];
      }),
    );
    const results = await this.#session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float64Array)]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}
