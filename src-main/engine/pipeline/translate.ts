/**
 * Text to text: sentences in, one segment per sentence out. Sentences of similar length share a
 * batch, and an identical sentence is translated once.
 */

import { createHash } from 'node:crypto';
import type { Sentence } from '../../contract/engine-contract.ts';
import type { TextModel } from '../models/model.ts';
import { encodeUnits } from './encode-units.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import { inputsPerBatch, type Run } from './run.ts';
import { Stopwatch } from './stopwatch.ts';

/** Sentences per batch; every α of a sentence is a row like another sentence. Twice as many gain little. */
export const TRANSLATE_BATCH = 32;

/**
 * Emits progress, partial texts, one segment per sentence (in the order they are finished) and
 * `done`.
 *
 * @param sentences any of a text; `index` says which
 * @throws VeerError CANCELLED
 */
export async function translate(
  sentences: readonly Sentence[],
  run: Run<TextModel>,
): Promise<void> {
  const { model } = run;
  const stopwatch = new Stopwatch();
  let done = 0;
  const finish = (places: readonly Sentence[], output: DecodedInput) => {
    for (const { index, text: source, separator } of places) {
      run.emit({
        type: 'segment',
        segment: { index, start: null, end: null, source, separator, ...output },
      });
    }
    done += places.length;
  };
  for (const sentence of sentences) {
    if (!sentence.translatable) finish([sentence], copied(sentence.text, run.alphas));
  }
  const places = placesByInput(sentences);
  // Longest first: rows of a batch have similar lengths, and the time left is never underrated.
  const inputs = [...places.keys()].sort((a, b) => b.length - a.length);
  const size = inputsPerBatch(run, Math.ceil(TRANSLATE_BATCH / run.alphas.length));
  for (let start = 0; start < inputs.length; start += size) {
    const batch = inputs.slice(start, start + size);
    const at = (b: number) => places.get(batch[b] ?? '') ?? [];
    const units = batch.map((input) => ({
      name: unitName(input, model),
      input: () => Promise.resolve(input),
    }));
    const { encoded } = await encodeUnits(units, { ...run, stopwatch });
    if (run.cache !== null) run.emit({ type: 'encoder-cache', ...run.cache.counts });
    if (encoded === null) continue;
    const outputs = await perturbedDecode(encoded, {
      ...run,
      stopwatch,
      inputNames: units.map(({ name }) => name),
      onPartial: (texts) => {
        texts.forEach((variants, b) => {
          for (const { index } of at(b)) run.emit({ type: 'partial', index, texts: [...variants] });
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

/** The encoder reads the direction too: one model may translate both ways. */
function unitName(input: string, { sourceLanguage, language }: TextModel): string {
  const read = JSON.stringify([sourceLanguage, language, input]);
  return `sentence ${createHash('sha256').update(read).digest('hex')}`;
}

/** The sentences of each distinct input that has something to translate. */
function placesByInput(sentences: readonly Sentence[]): ReadonlyMap<string, readonly Sentence[]> {
  const places = new Map<string, Sentence[]>();
  for (const sentence of sentences) {
    if (!sentence.translatable) continue;
    const known = places.get(sentence.input);
    if (known === undefined) places.set(sentence.input, [sentence]);
    else known.push(sentence);
  }
  return places;
}
