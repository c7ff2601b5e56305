/**
 * Text to text: sentences in, one segment per sentence out. Sentences of similar length share a
 * batch, and an identical sentence is translated once.
 */

import { createHash } from 'node:crypto';
import type { Sentence } from '../../contract/engine-contract.ts';
import type { TextModel } from '../models/model.ts';
import { copied, type DecodedInput } from './perturbed-decode.ts';
import { inputsPerBatch, type Run, type Setup } from './run.ts';
import { SharedBatches } from './shared-batches.ts';
import { Stopwatch } from './stopwatch.ts';

/** Sentences per batch; every α of a sentence is a row like another sentence. Twice as many gain little. */
export const TRANSLATE_BATCH = 32;

/** Batches of sentences, of texts with the same setup. */
export function sentenceBatches(setup: Setup<TextModel>): SharedBatches<string> {
  const size = inputsPerBatch(setup, Math.ceil(TRANSLATE_BATCH / setup.alphas.length));
  return new SharedBatches(setup, size);
}

/**
 * Emits progress, partial texts, one segment per sentence (in the order they are finished) and
 * `done`.
 *
 * @param sentences any of a text; `index` says which
 * @param batches of the run's setup; left out, those of this run alone
 * @throws VeerError CANCELLED
 */
export async function translate(
  sentences: readonly Sentence[],
  run: Run<TextModel>,
  batches: SharedBatches<string> = sentenceBatches(run),
): Promise<void> {
  const { model, cache, emit, signal } = run;
  const stopwatch = new Stopwatch();
  let done = 0;
  const finish = (places: readonly Sentence[], output: DecodedInput) => {
    for (const { index, text: source, separator } of places) {
      emit({
        type: 'segment',
        segment: { index, start: null, end: null, source, separator, ...output },
      });
    }
    done += places.length;
  };
  let begun = false;
  const begin = () => {
    begun = true;
    stopwatch.begin();
    run.begin();
    for (const sentence of sentences) {
      if (!sentence.translatable) finish([sentence], copied(sentence.text, run.alphas));
    }
  };
  const places = placesByInput(sentences);
  // Longest first: rows of a batch have similar lengths, and the time left is never underrated.
  const inputs = [...places.keys()].sort((a, b) => b.length - a.length);
  let batch: readonly (readonly Sentence[])[] = [];
  let handedOut = 0;
  await batches.through({
    cache,
    signal,
    stopwatch,
    next: async (most) => {
      if (!begun) begin();
      const some = inputs.slice(handedOut, handedOut + most);
      handedOut += some.length;
      batch = some.map((input) => places.get(input) ?? []);
      return some.map((input) => ({
        name: unitName(input, model),
        input: () => Promise.resolve(input),
      }));
    },
    encoded: () => {
      if (cache !== null) emit({ type: 'encoder-cache', ...cache.counts });
    },
    decoder: () => ({ decoder: model, key: '' }),
    partial: (place, texts) => {
      for (const { index } of batch[place] ?? []) {
        emit({ type: 'partial', index, texts: [...texts] });
      }
    },
    decoded: (outputs) => {
      outputs.forEach((output, place) => {
        finish(batch[place] ?? [], output);
      });
      emit({ type: 'progress', done, total: sentences.length });
    },
  });
  emit({ type: 'done', duration: null, timings: stopwatch.timings(run.loadTime) });
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
