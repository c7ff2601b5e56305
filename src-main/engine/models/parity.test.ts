/**
 * Parity with an independent implementation: `@huggingface/transformers` reading the same folders.
 * Plain greedy ids must be equal, prompt excluded; where one is not, the two best logits at the
 * first differing token must be a near-tie, which float32 rounding may break either way.
 */

import {
  AutoModelForSeq2SeqLM,
  AutoProcessor,
  AutoTokenizer,
  env,
  type Tensor,
  WhisperForConditionalGeneration,
} from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  MODELS_DIRECTORY,
  RECOGNISER,
  readSamples,
  speechDev,
  spread,
  TRANSLATOR,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import { EncoderDecoderGraphs, T5_INPUTS, WHISPER_INPUTS } from './encoder-decoder-graphs.ts';
import { loadModel } from './factory.ts';
import type { Model } from './model.ts';
import { openModelFolder } from './model-folder.ts';

env.allowRemoteModels = false;
env.localModelPath = MODELS_DIRECTORY;

type MeasuredDtype = 'fp32' | 'int8';

const INPUTS = { fp32: 120, int8: 60 } as const;
/** Difference of the two best logits below which rounding may decide. */
const NEAR_TIE = 1e-3;
const never = new AbortController().signal;

/** Greedy ids of one input, without prompt and end token. */
type Greedy<Input> = (input: Input) => Promise<readonly number[]>;

async function ours<Input>(model: Model<Input>, input: Input): Promise<readonly number[]> {
  const encoded = await model.encode(model.prepare([input]));
  const [hypothesis] = await model.decode(encoded, { signal: never, onStep: undefined });
  return hypothesis?.tokenIds ?? [];
}

function generatedIds(output: unknown, promptLength: number, end: number): readonly number[] {
  const ids = (output as Tensor).tolist()[0].map(Number) as number[];
  const stop = ids.indexOf(end, promptLength);
  return ids.slice(promptLength, stop === -1 ? undefined : stop);
}

/** Share of inputs with equal ids, and those that differ. */
async function agreement<Input>(
  inputs: readonly Input[],
  mine: Greedy<Input>,
  theirs: Greedy<Input>,
): Promise<{ readonly share: number; readonly misses: readonly Miss<Input>[] }> {
  const misses: Miss<Input>[] = [];
  for (const input of inputs) {
    const [a, b] = [await mine(input), await theirs(input)];
    if (a.join() !== b.join()) misses.push({ input, mine: a, theirs: b });
  }
  return { share: 1 - misses.length / inputs.length, misses };
}

interface Miss<Input> {
  readonly input: Input;
  readonly mine: readonly number[];
  readonly theirs: readonly number[];
}

describe.each<MeasuredDtype>(['fp32', 'int8'])('%s', (dtype) => {
  describe('the recogniser', () => {
    let mine: Model<Float32Array>;
    let theirs: Greedy<Float32Array>;
    let inputs: readonly Float32Array[];

    beforeAll(async () => {
      mine = (await load(RECOGNISER, dtype)) as Model<Float32Array>;
      const processor = await AutoProcessor.from_pretrained('starter-asr-en');
      const model = await WhisperForConditionalGeneration.from_pretrained('starter-asr-en', {
        dtype,
        device: 'cpu',
      });
      theirs = async (samples) => {
        const { input_features } = await processor(samples);
        return generatedIds(await model.generate({ inputs: input_features }), 1, 0);
      };
      const utterances = spread(await speechDev(), INPUTS[dtype]);
      inputs = await Promise.all(utterances.map(({ path }) => readSamples(path)));
    });
    afterAll(() => mine.dispose());

    test('gives the ids that transformers.js gives', async () => {
      const found = await agreement(inputs, (samples) => ours(mine, samples), theirs);
      await judge(dtype, found, mine, inputs.length);
    });
  });

  describe('the translator', () => {
    let mine: Model<string>;
    let theirs: Greedy<string>;
    let inputs: readonly string[];

    beforeAll(async () => {
      mine = (await load(TRANSLATOR, dtype)) as Model<string>;
      const tokenizer = await AutoTokenizer.from_pretrained('starter-mt-en-de');
      const model = await AutoModelForSeq2SeqLM.from_pretrained('starter-mt-en-de', {
        dtype,
        device: 'cpu',
      });
      theirs = async (sentence) => {
        return generatedIds(await model.generate(tokenizer(sentence)), 1, 1);
      };
      inputs = spread(await translationDev(), INPUTS[dtype]).map(({ source }) => source);
    });
    afterAll(() => mine.dispose());

    test('gives the ids that transformers.js gives', async () => {
      const found = await agreement(inputs, (sentence) => ours(mine, sentence), theirs);
      await judge(dtype, found, mine, inputs.length);
    });
  });
});

function load(directory: string, dtype: MeasuredDtype) {
  return loadModel({ directory, dtype, device: 'cpu', threads: 2, language: null });
}

async function judge<Input>(
  dtype: MeasuredDtype,
  found: Awaited<ReturnType<typeof agreement<Input>>>,
  model: Model<Input>,
  count: number,
): Promise<void> {
  const { id } = model.identity;
  process.stdout.write(
    `${id} ${dtype}: ${(100 * found.share).toFixed(1)} % of ${count} outputs equal transformers.js\n`,
  );
  // Dynamic int8 rounds activations; only fp32 promises equality.
  if (dtype !== 'fp32') return;
  expect(found.share).toBeGreaterThanOrEqual(0.99);
  for (const miss of found.misses) expect(await logitGap(model, miss)).toBeLessThan(NEAR_TIE);
}

/** Difference between the logits of the two tokens where the outputs part. */
async function logitGap<Input>(model: Model<Input>, miss: Miss<Input>): Promise<number> {
  const at = miss.mine.findIndex((id, i) => id !== miss.theirs[i]);
  const directory = `${MODELS_DIRECTORY}/${model.identity.id}`;
  const whisper = model.identity.family === 'whisper';
  const graphs = await EncoderDecoderGraphs.load(
    await openModelFolder(directory, 'fp32'),
    whisper ? WHISPER_INPUTS : T5_INPUTS,
    'cpu',
    2,
  );
  const encoded = await model.encode(model.prepare([miss.input]));
  const session = graphs.decoderSession(
    encoded.hiddenStates,
    whisper ? null : encoded.validMask,
    whisper ? { heads: 4, headSize: 40 } : { heads: 8, headSize: 32 },
  );
  let logits = await session.step([[whisper ? 1 : 0]]);
  for (const id of miss.mine.slice(0, at)) logits = await session.step([[id]]);
  await graphs.dispose();
  const end = whisper ? 0 : 1;
  const [a, b] = [miss.mine[at], miss.theirs[at]].map((id) => logits[id ?? end] ?? Number.NaN);
  return Math.abs((a ?? Number.NaN) - (b ?? Number.NaN));
}
