/** The tiny folders of e2e/fixtures/families: what is in them, and decoding their inputs. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FIXTURES } from '../../../e2e/dev-inputs.ts';
import type { Dtype } from '../../contract/devices.ts';
import type { Search } from '../../contract/search.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import { loadModel } from './factory.ts';
import type { LoadedModel, Model } from './model.ts';

export const FAMILY_FOLDERS = join(FIXTURES, 'families');

const outputsSchema = z.array(z.object({ ids: z.array(z.int()), score: z.number() })).length(20);
const referenceSchema = z.object({
  languages: z.object({ source: z.string().nullable(), target: z.string().nullable() }),
  inputs: z
    .array(
      z.union([
        z.object({ text: z.string(), inputIds: z.array(z.int()) }),
        z.object({ tone: z.int() }),
      ]),
    )
    .length(20),
  greedy: outputsSchema,
  beams: outputsSchema,
  /** Greedy ids of the files in float16. */
  fp16: z.array(z.array(z.int())).length(20).optional(),
});
export type Reference = z.infer<typeof referenceSchema>;

export async function readReference(name: string): Promise<Reference> {
  const text = await readFile(join(FAMILY_FOLDERS, name, 'reference.json'), 'utf8');
  return referenceSchema.parse(JSON.parse(text));
}

export function loadFamily(
  name: string,
  { languages }: Reference,
  dtype: Dtype = 'fp32',
): Promise<LoadedModel> {
  return loadModel({
    directory: join(FAMILY_FOLDERS, name),
    dtype,
    device: 'cpu',
    threads: 1,
    language: languages.target,
    sourceLanguage: languages.source,
  });
}

/** Sound by the formula of make-folders.py; every number has a length of its own. */
export function tone(number: number): Float32Array {
  return Float32Array.from({ length: 16_000 + 640 * number }, (_, n) => {
    const t = n / 16_000;
    const low = Math.sin(2 * Math.PI * (200 + 37 * number) * t + 3 * Math.sin(6 * Math.PI * t));
    return 0.2 * low + 0.1 * Math.sin(2 * Math.PI * (900 + 113 * number) * t);
  });
}

/** Tokens of an output of the speech models. */
export const SPEECH_TOKENS = 20;

/** All inputs in one batch. */
export async function decodeInputs(
  loaded: LoadedModel,
  { inputs }: Pick<Reference, 'inputs'>,
  search: Search,
): Promise<readonly RowOutput[]> {
  const model = loaded as Model<unknown>;
  const rows = inputs.map((input) => ('text' in input ? input.text : tone(input.tone)));
  const limit = loaded.task === 'transcribe' ? SPEECH_TOKENS : null;
  return model.decode(await model.encode(model.prepare(rows)), {
    signal: new AbortController().signal,
    onStep: undefined,
    search: { ...search, maxNewTokens: limit },
  });
}
