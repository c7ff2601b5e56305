/** The bundled test sets: e2e/fixtures/starter-tests. No model was trained or chosen on them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { segmentText } from '../../../src-main/documents/segment-text.ts';
import { DIRECTIONS, FIXTURES, spread, type TranslationDirection } from '../../dev-inputs.ts';

const FOLDER = join(FIXTURES, 'starter-tests');

const utteranceSchema = z.object({
  set: z.string(),
  file: z.string(),
  text: z.string(),
  voice: z.string(),
  condition: z.string(),
});

const pairSchema = z.object({ source: z.string(), references: z.array(z.string()).min(1) });

export interface SpeechSet {
  readonly name: string;
  readonly items: readonly {
    readonly path: string;
    readonly text: string;
    readonly condition: string;
  }[];
}

export interface TranslationSet {
  readonly name: string;
  readonly direction: TranslationDirection;
  readonly items: readonly {
    /** Encoder inputs; their outputs are joined by spaces. */
    readonly inputs: readonly string[];
    readonly references: readonly string[];
  }[];
}

/** @param limit at most so many items of each set, spread evenly over it */
export async function speechSets(limit: number): Promise<readonly SpeechSet[]> {
  const utterances = z.array(utteranceSchema).parse(await readJson('speech.json'));
  const names = [...new Set(utterances.map(({ set }) => set))];
  return names.map((name) => {
    const items = utterances.filter(({ set }) => set === name);
    return {
      name,
      items: spread(items, limit).map(({ file, text, condition }) => {
        return { path: join(FOLDER, 'speech', file), text, condition };
      }),
    };
  });
}

/**
 * Every item is one encoder input. The sets of several sentences an item come a second time, cut
 * into sentences as the app does it, under the name `… , cut`.
 *
 * @param limit at most so many items of each set, spread evenly over it
 */
export async function translationSets(limit: number): Promise<readonly TranslationSet[]> {
  const sets = z.record(z.string(), z.array(pairSchema)).parse(await readJson('translation.json'));
  return Object.entries(sets).flatMap(([name, pairs]) => {
    const direction = DIRECTIONS.find((known) => name.endsWith(known));
    if (direction === undefined) throw new Error(`The set "${name}" names no direction.`);
    const items = spread(pairs, limit);
    const whole = items.map(({ source, references }) => ({ inputs: [source], references }));
    if (!name.startsWith('long')) return [{ name, direction, items: whole }];
    const cut = items.map(({ source, references }) => {
      const { sentences } = segmentText(source, direction.slice(0, 2));
      return { inputs: sentences.map(({ input }) => input), references };
    });
    return [
      { name, direction, items: whole },
      { name: `${name}, cut`, direction, items: cut },
    ];
  });
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(FOLDER, file), 'utf8'));
}
