/** Test sets through the pipelines of the app. */

import type { RunEvent } from '../../../src-main/contract/engine-contract.ts';
import type { Segment } from '../../../src-main/contract/result.ts';
import type { SpeechModel, TextModel } from '../../../src-main/engine/models/model.ts';
import { PerturbationMemory } from '../../../src-main/engine/perturbation/perturbation-memory.ts';
import type { Run } from '../../../src-main/engine/pipeline/run.ts';
import { transcribe } from '../../../src-main/engine/pipeline/transcribe.ts';
import { translate } from '../../../src-main/engine/pipeline/translate.ts';
import type { SpeechSet, TranslationSet } from './bundled-sets.ts';
import type { Output } from './scores.ts';

/**
 * Each file by itself, as `veer transcribe` does it: a file of one window is a batch of one.
 *
 * @param onDone called with the number of items done
 * @throws VeerError CANCELLED
 */
export async function speechOutputs(
  model: SpeechModel,
  { items }: SpeechSet,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  for (const { path, text } of items) {
    const segments: Segment[] = [];
    await transcribe(
      path,
      { type: 'all' },
      plainRun(model, signal, (event) => {
        if (event.type === 'segment') segments.push(event.segment);
      }),
    );
    outputs.push(outputOf(segments, [text]));
    onDone(outputs.length);
  }
  return outputs;
}

/**
 * All inputs of the set as the sentences of one text: the app's batches, longest inputs first.
 *
 * @param onDone called with the number of items done
 * @throws VeerError CANCELLED
 */
export async function translationOutputs(
  model: TextModel,
  { items }: TranslationSet,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<readonly Output[]> {
  const inputs = items.flatMap((item) => item.inputs);
  const sentences = inputs.map((input, index) => {
    return { index, text: input, input, separator: ' ', translatable: true };
  });
  const segments: Segment[] = [];
  const run = plainRun(model, signal, (event) => {
    if (event.type === 'segment') segments[event.segment.index] = event.segment;
    if (event.type === 'progress') onDone(event.done);
  });
  await translate(sentences, run);
  let start = 0;
  return items.map(({ inputs: own, references }) => {
    const end = start + own.length;
    const output = outputOf(segments.slice(start, end), references);
    start = end;
    return output;
  });
}

function plainRun<M>(model: M, signal: AbortSignal, emit: (event: RunEvent) => void): Run<M> {
  return {
    model,
    proxy: null,
    cache: null,
    memory: new PerturbationMemory(),
    alphas: [0],
    predictPerturbed: false,
    likeness: null,
    search: null,
    batchSize: null,
    loadTime: 0,
    begin: () => undefined,
    emit,
    signal,
  };
}

function outputOf(segments: readonly Segment[], references: readonly string[]): Output {
  const variants = segments.flatMap((segment) => segment.variants[0] ?? []);
  return {
    text: variants
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' '),
    references,
    cutShort: variants.some(({ finishReason }) => finishReason === 'length'),
  };
}
