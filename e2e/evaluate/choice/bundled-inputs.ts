/** The test sets as encoder inputs; the condition is the name of the set. */

import { readSamples, type TranslationDirection } from '../../dev-inputs.ts';
import type { DevInput } from '../dev-data.ts';
import { speechSets, translationSets } from '../starter/bundled-sets.ts';

/** @param limit at most so many of each set */
export async function speechTest(limit: number): Promise<readonly DevInput<Float32Array>[]> {
  const inputs: DevInput<Float32Array>[] = [];
  for (const { name, items } of await speechSets(limit)) {
    for (const { path, text, condition } of items) {
      const shifted = name === 'test_shifted';
      const set = shifted ? `shifted, ${condition}` : name.replace('test_', '');
      inputs.push({ input: await readSamples(path), references: [text], condition: set });
    }
  }
  return inputs;
}

/** Texts of several sentences go in sentence by sentence in the product, so they are left out. */
export async function translationTest(
  direction: TranslationDirection,
  limit: number,
): Promise<readonly DevInput<string>[]> {
  const sets = await translationSets(limit);
  return sets
    .filter((set) => set.direction === direction && !set.name.startsWith('long'))
    .flatMap(({ name, items }) =>
      items.flatMap(({ inputs, references }) =>
        inputs.map((input) => ({
          input,
          references,
          condition: name.startsWith('shifted') ? 'shifted' : 'clean',
        })),
      ),
    );
}
