/** Adds up the events of runs to what the benchmark wants of them. */

import type { RunEvent } from '../../src-main/contract/engine-contract.ts';
import type { EngineEvent } from '../../src-main/engine-client/engine-client.ts';
import type { WorkReply } from './protocol.ts';

export class OutputCollector {
  readonly #started = performance.now();
  readonly #plainIds: (readonly number[])[] = [];
  /** Inputs of the runs that are done, for runs of one file each. */
  #before = 0;
  #stages = { features: 0, encode: 0, proxy: 0, decode: 0 };

  add(event: RunEvent | EngineEvent): void {
    if (event.type === 'restarted') throw new Error(event.reason);
    if (event.type === 'segment') {
      const { index, variants } = event.segment;
      this.#plainIds[this.#before + index] = variants[0]?.tokenIds ?? [];
    }
    if (event.type === 'done') {
      const { features, encode, proxy, decode } = event.timings;
      const sum = this.#stages;
      this.#before = this.#plainIds.length;
      this.#stages = {
        features: sum.features + features,
        encode: sum.encode + encode,
        proxy: sum.proxy + proxy,
        decode: sum.decode + decode,
      };
    }
  }

  reply(): WorkReply {
    const time = performance.now() - this.#started;
    return { time, stages: this.#stages, plainIds: this.#plainIds };
  }
}
