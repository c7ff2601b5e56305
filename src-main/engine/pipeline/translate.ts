/**
 * Text to text: sentences in, one segment per sentence out. Sentences of similar length share a
 * batch, and an identical sentence is translated once.
 */

import type { Sentence } from '../../contract/engine-contract.ts';
import type { T5Model } from '../models/t5.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import type { Run } from './run.ts';
import { Stopwatch } from './stopwatch.ts';

/** Sentences per batch. Twice as many gain little, and a step along α costs more there. */
export const TRANSLATE_BATCH = 32;

/**
 * Emits progress, partial texts, one segment per sentence (in the order they are finished) and
 * `done`.
 *
 * @throws VeerError CANCELLED
 */
export async function translate(sentences: readonly Sentence[], run: Run<T5Model>): Promise<void> {
  const stopwatch = new Stopwatch();
  let done = 0;
  const finish = (indices: readonly number[], output: DecodedInput) => {
    for (const index of indices) {
      const { text: source = '', separator = '' } = sentences[index] ?? {};
      run.emit({
        type: 'segment',
        segment: { index, start: null, end: null, source, separator, ...output },
      });
    }
    done += indices.length;
  };
  sentences.forEach((sentence, index) => {
    if (!sentence.translatable) finish([index], copied(sentence.text, run.alphas));
  });
  const places = placesByInput(sentences);
  // Longest first: rows of a batch have similar lengths, and the time left is never underrated.
  const inputs = [...places.keys()].sort((a, b) => b.length - a.length);
  const size = run.batchSize ?? TRANSLATE_BATCH;
  for (let start = 0; start < inputs.length; start += size) {
    const batch = inputs.slice(start, start + size);
    const at = (b: number) => places.get(batch[b] ?? '') ?? [];
    const outputs = await perturbedDecode(batch, {
      ...run,
      stopwatch,
      onPartial: (texts) => {
        texts.forEach((variants, b) => {
          for (const index of at(b)) run.emit({ type: 'partial', index, texts: [...variants] });
        });
      },
    });
    outputs.forEach((output, b) => {
      finish(at(b), output);
    });
    run.emit({ type: 'progress', done, total: sentences.length });
  }
  run.emit({ type: 'done', duration: null, timings: stopwatch.timings(run.loadTime) });
}

/** Positions of each distinct input that has something to translate. */
function placesByInput(sentences: readonly Sentence[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  sentences.forEach((sentence, index) => {
    if (!sentence.translatable) return;
    const known = places.get(sentence.input);
    if (known === undefined) places.set(sentence.input, [index]);
    else known.push(index);
  });
  return places;
}
