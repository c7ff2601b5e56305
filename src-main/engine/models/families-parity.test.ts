/**
 * Parity with an independent implementation: `@huggingface/transformers` reading the same tiny
 * folders writes the same greedy ids. It knows no T5Gemma and no split decoders.
 */

import {
  AutoModelForSeq2SeqLM,
  AutoProcessor,
  env,
  MoonshineForConditionalGeneration,
  Tensor,
  WhisperForConditionalGeneration,
} from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { GREEDY } from '../../contract/search.ts';
import {
  decodeInputs,
  FAMILY_FOLDERS,
  loadFamily,
  type Reference,
  readReference,
  SPEECH_TOKENS,
  tone,
} from './test-families.ts';

env.allowRemoteModels = false;
env.localModelPath = FAMILY_FOLDERS;

/** Whose first token is the language to write. */
const FORCED: ReadonlySet<string> = new Set(['m2m100', 'nllb', 'mbart50']);

type Inputs = Reference['inputs'];

/**
 * What they write is what Veer writes: families.test.ts compares it with the same reference.
 *
 * @param written rows of ids with the prompt, the end token where a text ended, and padding
 */
function expectSame(
  written: unknown,
  promptLength: number,
  expected: readonly (readonly number[])[],
): void {
  const rows = (written as Tensor).tolist() as (readonly (number | bigint)[])[];
  const cut = rows.map((ids, row) =>
    ids.slice(promptLength, promptLength + (expected[row]?.length ?? 0)).map(Number),
  );
  expect(cut).toEqual(expected);
  // Where a text ended here, an end token follows there.
  const next = rows.map((ids, row) => ids[promptLength + (expected[row]?.length ?? 0)]);
  expect(new Set(next.filter((id) => id !== undefined).map(Number)).size).toBeLessThanOrEqual(1);
}

/** One batch, padded. */
function textInputs(inputs: Inputs, forced: number | null) {
  const rows = inputs.map((input) => ('text' in input ? input.inputIds : []));
  const length = Math.max(...rows.map((ids) => ids.length));
  const tensor = (value: (id: number | undefined) => number) => {
    const values = rows.flatMap((ids) => Array.from({ length }, (_, t) => BigInt(value(ids[t]))));
    return new Tensor('int64', BigInt64Array.from(values), [rows.length, length]);
  };
  return {
    inputs: tensor((id) => id ?? 0),
    attention_mask: tensor((id) => (id === undefined ? 0 : 1)),
    ...(forced !== null && { forced_bos_token_id: forced }),
  };
}

function samplesOf(input: Inputs[number]): Float32Array {
  if (!('tone' in input)) throw new Error('This is no sound.');
  return tone(input.tone);
}

const idsOf = ({ greedy }: Reference) => greedy.map(({ ids }) => ids);

/** The language to write, where it is a forced token. */
function forcedToken(name: string, { greedy }: Reference): number | null {
  return FORCED.has(name) ? (greedy[0]?.ids[0] ?? null) : null;
}

test.each(['t5', 'marian', 'marian-many', 'm2m100', 'nllb', 'bart', 'mbart50'])(
  '%s',
  async (name) => {
    const options = { dtype: 'fp32', device: 'cpu' } as const;
    const model = await AutoModelForSeq2SeqLM.from_pretrained(name, options);
    const reference = await readReference(name);
    const forced = forcedToken(name, reference);
    // Without a mask in its decoder padding would be seen there.
    const size = name === 'bart' ? 1 : reference.inputs.length;
    for (let at = 0; at < reference.inputs.length; at += size) {
      const inputs = textInputs(reference.inputs.slice(at, at + size), forced);
      expectSame(await model.generate(inputs), 1, idsOf(reference).slice(at, at + size));
    }
    await model.dispose();
  },
);

/** Dynamic int8 shares its scales over a batch, so each input is run by itself. */
test.each([
  ['marian', 'int8'],
  ['m2m100', 'q4'],
] as const)('%s in %s', async (name, dtype) => {
  const theirs = await AutoModelForSeq2SeqLM.from_pretrained(name, { dtype, device: 'cpu' });
  const reference = await readReference(name);
  const mine = await loadFamily(name, reference, dtype);
  const forced = forcedToken(name, reference);
  for (const input of reference.inputs.slice(0, 8)) {
    const [output] = await decodeInputs(mine, { inputs: [input] }, GREEDY);
    expectSame(await theirs.generate(textInputs([input], forced)), 1, [output?.tokenIds ?? []]);
  }
  await mine.dispose();
  await theirs.dispose();
});

test('moonshine', async () => {
  const options = { dtype: 'fp32', device: 'cpu' } as const;
  const model = await MoonshineForConditionalGeneration.from_pretrained('moonshine', options);
  const reference = await readReference('moonshine');
  for (const [i, input] of reference.inputs.entries()) {
    const samples = samplesOf(input);
    const written = await model.generate({
      inputs: new Tensor('float32', samples, [1, samples.length]),
      max_new_tokens: SPEECH_TOKENS,
    });
    expectSame(written, 1, idsOf(reference).slice(i, i + 1));
  }
  await model.dispose();
});

test.each(['whisper-multilingual', 'whisper-turbo'])('%s', async (name) => {
  const processor = await AutoProcessor.from_pretrained(name);
  const options = { dtype: 'fp32', device: 'cpu' } as const;
  const model = await WhisperForConditionalGeneration.from_pretrained(name, options);
  const reference = await readReference(name);
  for (const [i, input] of reference.inputs.entries()) {
    const { input_features } = await processor(samplesOf(input));
    const written = await model.generate({
      inputs: input_features,
      max_new_tokens: SPEECH_TOKENS,
      ...{ language: 'de', task: 'transcribe' },
    });
    expectSame(written, 4, idsOf(reference).slice(i, i + 1));
  }
  await model.dispose();
});
