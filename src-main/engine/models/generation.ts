/**
 * The search that was asked for, with the rules of generation_config.json where it leaves them open;
 * the same for every family.
 */

import { assertNever } from '../../contract/errors.ts';
import { GREEDY, type Search } from '../../contract/search.ts';
import { beamSearch } from '../decoding/beam-search.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { greedySearch } from '../decoding/greedy.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import { randomStream } from '../decoding/random-stream.ts';
import { sampleSearch } from '../decoding/sampling.ts';
import { generationProcessors, maxNewTokens, samplingProcessors } from './generation-rules.ts';
import type { DecodeOptions } from './model.ts';
import type { GenerationConfig } from './model-folder.ts';

export interface GenerateOptions extends DecodeOptions {
  readonly generation: GenerationConfig;
  /** Rows of the batch. */
  readonly rows: number;
  /** Decoder prompt, the same for every row. */
  readonly prompt: readonly number[];
  /** Positions that the decoder's embedding has; infinite for relative positions. */
  readonly decoderPositions: number;
}

/** @throws VeerError CANCELLED */
export async function generate(
  session: DecoderSession,
  options: GenerateOptions,
): Promise<readonly RowOutput[]> {
  const { generation, rows, prompt, decoderPositions, signal, onStep } = options;
  const search: Search = options.search ?? GREEDY;
  const limits = { promptLength: prompt.length, decoderPositions };
  const processors = generationProcessors(generation, search, limits);
  const shared = {
    prompts: Array.from({ length: rows }, () => prompt),
    processors,
    endOfTextIds: generation.eos_token_id,
    maxNewTokens: maxNewTokens(generation, search, limits),
    signal,
    onStep,
  };
  switch (search.strategy) {
    case 'greedy':
      return greedySearch(session, shared);
    case 'sample':
      return sampleSearch(session, {
        ...shared,
        processors: [...processors, ...samplingProcessors(search)],
        streams: Array.from({ length: rows }, (_, row) =>
          randomStream(search.seed, options.streamNames?.[row] ?? `${row}`),
        ),
      });
    case 'beam': {
      const { beams, lengthPenalty, earlyStopping, returnSequences } = search;
      const found = await beamSearch(session, { ...shared, beams, lengthPenalty, earlyStopping });
      return found.map(([best, ...others]): RowOutput => {
        return returnSequences === 1
          ? best
          : { ...best, alternatives: others.slice(0, returnSequences - 1) };
      });
    }
    default:
      return assertNever(search);
  }
}
