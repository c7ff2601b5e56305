/** Adds up the events of a run to what the benchmark wants of it. */

import type { RunEvent } from '../../src-main/contract/engine-contract.ts';
import type { EngineEvent } from '../../src-main/engine-client/engine-client.ts';
import type { Stages, WorkReply } from './protocol.ts';

export class OutputCollector {
  readonly #started = performance.now();
  readonly #plainIds: (readonly number[])[] = [];
  #stages: Stages = { features: 0, encode: 0, proxy: 0, decode: 0 };

  add(event: RunEvent | EngineEvent): void {
    if (event.type === 'restarted') throw new Error(event.reason);
    if (event.type === 'segment') {
      const { index, variants } = event.segment;
      this.#plainIds[index] = variants[0]?.tokenIds ?? [];
    }
    if (event.type === 'done') {
      const { features, encode, proxy, decode } = event.timings;
      this.#stages = { features, encode, proxy, decode };
    }
  }

  reply(): WorkReply & { readonly stages: Stages } {
    const time = performance.now() - this.#started;
    return { time, stages: this.#stages, plainIds: this.#plainIds };
  }
}
