/** The inputs that perturbation is measured on: e2e/fixtures/perturbation. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FIXTURES, readSamples, spread, type TranslationDirection } from '../../dev-inputs.ts';

export const SPLITS = ['dev', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** In-domain: what the model was trained on the like of. Shifted: what it was not. */
export const DOMAINS = ['shifted', 'in-domain'] as const;
export type Domain = (typeof DOMAINS)[number];

export interface EvaluationInput<Input> {
  /** Of a split and task; names the input's random numbers. */
  readonly name: string;
  readonly domain: Domain;
  readonly condition: string;
  /** Samples at 16 kHz, or a sentence. */
  readonly input: Input;
  /** At least one. */
  readonly references: readonly string[];
}

const utteranceSchema = z.object({
  set: z.enum(DOMAINS),
  file: z.string(),
  text: z.string(),
  condition: z.string(),
});

const pairsSchema = z.record(
  z.string(),
  z.array(z.object({ source: z.string(), references: z.array(z.string()).min(1) })),
);

/** @param limit at most so many of each condition, spread evenly over it */
export async function speechInputs(
  split: Split,
  limit: number,
): Promise<readonly EvaluationInput<Float32Array>[]> {
  const folder = join(FIXTURES, 'perturbation', split);
  const listed = z.array(utteranceSchema).parse(await readJson(join(folder, 'speech.json')));
  const items = listed.map(({ set, file, text, condition }) => {
    return { domain: set, condition, text, path: join(folder, 'speech', file) };
  });
  const conditions = [...new Set(items.map(({ condition }) => condition))];
  const chosen = conditions.flatMap((condition) =>
    spread(
      items.filter((item) => item.condition === condition),
      limit,
    ).map((item, number) => ({ ...item, name: `${condition} ${number}` })),
  );
  const inputs: EvaluationInput<Float32Array>[] = [];
  for (const { name, domain, condition, text, path } of chosen) {
    inputs.push({ name, domain, condition, input: await readSamples(path), references: [text] });
  }
  return inputs;
}

/**
 * The condition is the direction.
 * @param limit at most so many of each domain, spread evenly over it
 */
export async function translationInputs(
  split: Split,
  direction: TranslationDirection,
  limit: number,
): Promise<readonly EvaluationInput<string>[]> {
  const file = join(FIXTURES, 'perturbation', split, 'translation.json');
  const sets = pairsSchema.parse(await readJson(file));
  return DOMAINS.flatMap((domain) => {
    const set = `${domain === 'shifted' ? 'shifted' : 'clean'} ${direction}`;
    return spread(sets[set] ?? [], limit).map(({ source, references }, number) => {
      return {
        name: `${set} ${number}`,
        domain,
        condition: direction,
        input: source,
        references,
      };
    });
  });
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
