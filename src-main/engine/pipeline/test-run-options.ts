/** Options of a run for the tests of this room: plain, greedy, on the CPU. */

import type { RunOptions } from '../../contract/engine-contract.ts';

export function runOptions(modelDirectory: string, more: Partial<RunOptions> = {}): RunOptions {
  return {
    modelDirectory,
    proxyDirectory: null,
    dtype: 'fp32',
    device: 'cpu',
    threads: 2,
    alphas: [0],
    predictPerturbed: false,
    search: null,
    language: null,
    sourceLanguage: null,
    batchSize: null,
    encoderCache: null,
    ...more,
  };
}
