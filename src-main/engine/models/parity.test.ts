/**
 * Parity with an independent implementation: `@huggingface/transformers` reading the same folders.
 * Plain greedy ids must be equal, prompt excluded; where one is not, the two best logits at the
 * first differing token must be a near-tie, which float32 rounding may break either way.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AutoModelForSeq2SeqLM,
  AutoProcessor,
  AutoTokenizer,
  env,
  type Tensor,
  WhisperForConditionalGeneration,
} from '@huggingface/transformers';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  MODELS_DIRECTORY,
  RECOGNISERS,
  readSamples,
  speechDev,
  spread,
  TRANSLATORS,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import { EncoderDecoderGraphs, TEXT_INPUTS, WHISPER_INPUTS } from './encoder-decoder-graphs.ts';
import { loadModel } from './factory.ts';
import type { Model } from './model.ts';
import { openModelFolder } from './model-folder.ts';

env.allowRemoteModels = false;
env.localModelPath = MODELS_DIRECTORY;

const DTYPES = ['fp32', 'int8'] as const;
type MeasuredDtype = (typeof DTYPES)[number];

const INPUTS = { fp32: 100, int8: 25 } as const;
/** Share of equal outputs. Dynamic int8 rounds activations, so it promises less. */
const LEAST_EQUAL = { fp32: 0.99, int8: 0.8 } as const;
/** Difference of the two best logits below which rounding may decide. */
const NEAR_TIE = 1e-3;
/** One each: with more the other side's threads spin between runs, and take the cores from whatever else is tested. */
const THREADS = 1;
/** Milliseconds for a model and dtype; a tenth of it on two free cores. */
const TIMEOUT = 240_000;
const never = new AbortController().signal;

const CONFIG = z.looseObject({
  decoder_start_token_id: z.int(),
  eos_token_id: z.int(),
  no_timestamps_token_id: z.int().optional(),
});
type GenerationIds = z.infer<typeof CONFIG>;

/** Greedy ids of one input, without prompt and end token. */
type Greedy<Input> = (input: Input) => Promise<readonly number[]>;

interface Miss<Input> {
  readonly input: Input;
  readonly mine: readonly number[];
  readonly theirs: readonly number[];
}

describe.each(DTYPES)('%s', (dtype) => {
  let utterances: readonly Float32Array[];
  beforeAll(async () => {
    const spreadOut = spread(await speechDev(), INPUTS[dtype]);
    utterances = await Promise.all(spreadOut.map(({ path }) => readSamples(path)));
  });

  test.each(RECOGNISERS)(
    '%s gives the ids that transformers.js gives',
    async (id) => {
      const processor = await AutoProcessor.from_pretrained(id);
      const model = await WhisperForConditionalGeneration.from_pretrained(id, optionsOf(dtype));
      const ids = await generationIds(id);
      const theirs: Greedy<Float32Array> = async (samples) => {
        const { input_features: inputs } = await processor(samples);
        return generatedIds(await model.generate({ inputs }), promptOf(ids), ids);
      };
      await expectParity(id, dtype, null, utterances, theirs);
      await model.dispose();
    },
    TIMEOUT,
  );

  test.each(
    TRANSLATORS.flatMap(
      (id) =>
        [
          { id, language: 'de', task: 'translation_en_to_de', direction: 'en-de' },
          { id, language: 'en', task: 'translation_de_to_en', direction: 'de-en' },
        ] as const,
    ),
  )(
    '$id to $language gives the ids that transformers.js gives',
    async ({ id, language, task, direction }) => {
      const tokenizer = await AutoTokenizer.from_pretrained(id);
      const model = await AutoModelForSeq2SeqLM.from_pretrained(id, optionsOf(dtype));
      const ids = await generationIds(id);
      const prefix = await taskPrefix(id, task);
      const theirs: Greedy<string> = async (sentence) => {
        const output = await model.generate(tokenizer(`${prefix}${sentence}`));
        return generatedIds(output, promptOf(ids), ids);
      };
      const sentences = spread(await translationDev(direction), INPUTS[dtype]).map(
        ({ source }) => source,
      );
      await expectParity(id, dtype, language, sentences, theirs);
      await model.dispose();
    },
    TIMEOUT,
  );
});

function optionsOf(dtype: MeasuredDtype) {
  const session_options = { intraOpNumThreads: THREADS };
  return { dtype, device: 'cpu', session_options } as const;
}

async function expectParity<Input>(
  id: string,
  dtype: MeasuredDtype,
  language: string | null,
  inputs: readonly Input[],
  theirs: Greedy<Input>,
): Promise<void> {
  const directory = join(MODELS_DIRECTORY, id);
  const loaded = await loadModel({ directory, dtype, device: 'cpu', threads: THREADS, language });
  const model = loaded as Model<unknown> as Model<Input>;
  try {
    const misses = await missesOf(inputs, (input) => ours(model, input), theirs);
    const share = 1 - misses.length / inputs.length;
    process.stdout.write(
      `${id} ${dtype}${language === null ? '' : ` to ${language}`}: ${(100 * share).toFixed(1)} % of ${inputs.length} outputs equal transformers.js\n`,
    );
    expect(share).toBeGreaterThanOrEqual(LEAST_EQUAL[dtype]);
    if (dtype !== 'fp32') return;
    for (const miss of misses) expect(await logitGap(model, miss)).toBeLessThan(NEAR_TIE);
  } finally {
    await model.dispose();
  }
}

async function missesOf<Input>(
  inputs: readonly Input[],
  mine: Greedy<Input>,
  theirs: Greedy<Input>,
): Promise<readonly Miss<Input>[]> {
  const misses: Miss<Input>[] = [];
  for (const input of inputs) {
    const [a, b] = [await mine(input), await theirs(input)];
    if (a.join() !== b.join()) misses.push({ input, mine: a, theirs: b });
  }
  return misses;
}

async function ours<Input>(model: Model<Input>, input: Input): Promise<readonly number[]> {
  const encoded = await model.encode(model.prepare([input]));
  const [hypothesis] = await model.decode(encoded, { signal: never, onStep: undefined });
  return hypothesis?.tokenIds ?? [];
}

/** @throws Error where the output does not start with the prompt */
function generatedIds(
  output: unknown,
  prompt: readonly number[],
  { eos_token_id: end }: GenerationIds,
): readonly number[] {
  const ids = (output as Tensor).tolist()[0].map(Number) as number[];
  expect(ids.slice(0, prompt.length)).toEqual(prompt);
  const stop = ids.indexOf(end, prompt.length);
  return ids.slice(prompt.length, stop === -1 ? undefined : stop);
}

function promptOf(ids: GenerationIds): readonly number[] {
  const { decoder_start_token_id: start, no_timestamps_token_id: noTimestamps } = ids;
  return noTimestamps === undefined ? [start] : [start, noTimestamps];
}

async function generationIds(id: string): Promise<GenerationIds> {
  return CONFIG.parse(await readModelJson(id, 'generation_config.json'));
}

async function taskPrefix(id: string, task: string): Promise<string> {
  const config = z
    .looseObject({ task_specific_params: z.record(z.string(), z.object({ prefix: z.string() })) })
    .parse(await readModelJson(id, 'config.json'));
  return z.string().parse(config.task_specific_params[task]?.prefix);
}

async function readModelJson(id: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(MODELS_DIRECTORY, id, file), 'utf8'));
}

const SHAPES = z.union([
  z
    .looseObject({ decoder_attention_heads: z.int(), d_model: z.int() })
    .transform(({ decoder_attention_heads: heads, d_model: width }) => {
      return { heads, headSize: width / heads };
    }),
  z
    .looseObject({ num_heads: z.int(), d_kv: z.int() })
    .transform(({ num_heads: heads, d_kv: headSize }) => ({ heads, headSize })),
]);

/** Difference between the logits of the two tokens where the outputs part. */
async function logitGap<Input>(model: Model<Input>, miss: Miss<Input>): Promise<number> {
  const { id, family } = model.identity;
  const length = Math.max(miss.mine.length, miss.theirs.length);
  const at = Array.from({ length }, (_, i) => i).findIndex((i) => miss.mine[i] !== miss.theirs[i]);
  const whisper = family === 'whisper';
  const graphs = await EncoderDecoderGraphs.load(
    await openModelFolder(join(MODELS_DIRECTORY, id), 'fp32'),
    whisper ? WHISPER_INPUTS : TEXT_INPUTS,
    'cpu',
    THREADS,
  );
  const ids = await generationIds(id);
  const encoded = await model.encode(model.prepare([miss.input]));
  const session = graphs.decoderSession(
    encoded.hiddenStates,
    whisper ? null : encoded.validMask,
    SHAPES.parse(await readModelJson(id, 'config.json')),
  );
  let logits = await session.step([promptOf(ids)]);
  for (const token of miss.mine.slice(0, at)) logits = await session.step([[token]]);
  await graphs.dispose();
  const [a, b] = [miss.mine[at], miss.theirs[at]].map((token) => {
    return logits[token ?? ids.eos_token_id] ?? Number.NaN;
  });
  return Math.abs((a ?? Number.NaN) - (b ?? Number.NaN));
}
