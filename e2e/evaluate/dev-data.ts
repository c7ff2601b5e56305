/** The development inputs as encoder inputs with references. */

import type { TranslationDirection } from '../dev-inputs.ts';
import * as dev from '../dev-inputs.ts';

export interface DevInput<Input> {
  /** Samples at 16 kHz, or a sentence. */
  readonly input: Input;
  /** At least one. */
  readonly references: readonly string[];
  readonly condition: string;
}

/** Utterances shorter than one window, in the order of the manifest. */
export async function speechDev(): Promise<readonly DevInput<Float32Array>[]> {
  const inputs: DevInput<Float32Array>[] = [];
  for (const { path, text, condition } of await dev.speechDev()) {
    inputs.push({ input: await dev.readSamples(path), references: [text], condition });
  }
  return inputs;
}

export async function translationDev(
  direction: TranslationDirection,
): Promise<readonly DevInput<string>[]> {
  const pairs = await dev.translationDev(direction);
  return pairs.map(({ source, references, condition }) => ({
    input: source,
    references,
    condition,
  }));
}
