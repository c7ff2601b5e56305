/**
 * The search that was asked for, with the rules of generation_config.json where it leaves them open;
 * the same for every family.
 */

import { assertNever } from '../../contract/errors.ts';
import { GREEDY, type Search } from '../../contract/search.ts';
import { beamSearch } from '../decoding/beam-search.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { draftedGreedySearch } from '../decoding/drafted-greedy.ts';
import { greedySearch } from '../decoding/greedy.ts';
import type { Hypothesis, RowOutput } from '../decoding/hypothesis.ts';
import { judgeOutputs } from '../decoding/judge-outputs.ts';
import type { LogitsProcessor } from '../decoding/logits-processors.ts';
import { randomStream } from '../decoding/random-stream.ts';
import { sampleSearch } from '../decoding/sampling.ts';
import type { SearchOptions } from '../decoding/search-options.ts';
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
  /** Rules of the family; they come after those of generation_config.json. */
  readonly familyRules?: readonly LogitsProcessor[];
}

/**
 * Searches to the end, and disposes of the session.
 *
 * @throws VeerError CANCELLED
 */
export async function generate(
  session: DecoderSession,
  options: GenerateOptions,
): Promise<readonly RowOutput[]> {
  return disposing(session, () => searched(session, options));
}

async function disposing<T>(session: DecoderSession, search: () => Promise<T>): Promise<T> {
  try {
    return await search();
  } finally {
    session.dispose();
  }
}

async function searched(
  session: DecoderSession,
  options: GenerateOptions,
): Promise<readonly RowOutput[]> {
  const search: Search = options.search ?? GREEDY;
  const shared = sharedOptions(search, options);
  if (options.given !== undefined) {
    return judgeOutputs(session, { ...shared, outputs: options.given });
  }
  switch (search.strategy) {
    case 'greedy':
      return options.drafts === undefined
        ? greedySearch(session, shared)
        : draftedGreedySearch(session, options.drafts, shared);
    case 'sample':
      return sampleSearch(session, {
        ...shared,
        processors: [...shared.processors, ...samplingProcessors(search)],
        streams: streamsOf(search.seed, options),
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

/**
 * Draws every row at a temperature, by the rules of the search that was asked for. Log-probabilities
 * are those at temperature 1. Disposes of the session.
 *
 * @throws VeerError CANCELLED
 */
export function generateAtTemperature(
  session: DecoderSession,
  { temperature, seed }: { readonly temperature: number; readonly seed: number },
  options: GenerateOptions,
): Promise<readonly Hypothesis[]> {
  const sampling = {
    ...sharedOptions(options.search ?? GREEDY, options),
    streams: streamsOf(seed, options),
    drawTemperature: temperature,
  };
  return disposing(session, () => sampleSearch(session, sampling));
}

function sharedOptions(search: Search, options: GenerateOptions): SearchOptions {
  const { generation, rows, prompt, decoderPositions, familyRules = [], signal, onStep } = options;
  const limits = { promptLength: prompt.length, decoderPositions };
  return {
    prompts: Array.from({ length: rows }, () => prompt),
    processors: [...generationProcessors(generation, search, limits), ...familyRules],
    endOfTextIds: generation.eos_token_id,
    maxNewTokens: maxNewTokens(generation, search, limits),
    signal,
    onStep,
  };
}

function streamsOf(seed: number, { rows, streamNames }: GenerateOptions) {
  return Array.from({ length: rows }, (_, row) =>
    randomStream(seed, streamNames?.[row] ?? `${row}`),
  );
}
