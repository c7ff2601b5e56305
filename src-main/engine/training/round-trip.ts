/**
 * A metric of translations without references: the text is translated back by the same model, and
 * chrF says how much of the source came home. It needs a model of both directions.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import type { FrozenModel } from '../../contract/proxy-training.ts';
import { sentenceChrf } from '../../evaluation/chrf.ts';
import { loadModel } from '../models/factory.ts';
import type { Model } from '../models/model.ts';
import { textInputs } from './model-inputs.ts';
import type { StoredExample } from './stored-examples.ts';

export interface RoundTripOptions {
  /** How the model was loaded. */
  readonly input: FrozenModel;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * @param outputs what the model wrote of texts
 * @returns chrF of every text translated back, 0 to 100; 0 where nothing was written
 * @throws VeerError OPTION_INVALID for a model that is no translator or whose languages are not
 *   known, as `loadModel` where it cannot write the language it reads, CANCELLED
 */
export async function roundTripScores(
  outputs: readonly Omit<StoredExample, 'score'>[],
  {
    identity,
    language,
    sourceLanguage,
  }: Pick<Model<unknown>, 'identity' | 'language' | 'sourceLanguage'>,
  { input, signal, onProgress }: RoundTripOptions,
): Promise<readonly number[]> {
  if (language === null || sourceLanguage === null) {
    throw new VeerError(
      'OPTION_INVALID',
      `${identity.id} does not say which languages it reads and writes, so nothing can be translated back. Use another --metric.`,
    );
  }
  const { modelDirectory: directory, dtype, device, threads } = input;
  const how = { directory, dtype, device, threads };
  const model = await loadModel({ ...how, language: sourceLanguage, sourceLanguage: language });
  try {
    if (model.task !== 'translate') {
      throw new VeerError(
        'OPTION_INVALID',
        `${identity.id} is no translator. Use another --metric.`,
      );
    }
    const scores = outputs.map(() => 0);
    const order = [...outputs.entries()]
      .filter(([, { output }]) => output.text !== '')
      .sort(([, a], [, b]) => b.output.text.length - a.output.text.length);
    const { batchSize } = textInputs(model);
    for (let start = 0; start < order.length; start += batchSize) {
      await nextTurn();
      throwIfCancelled(signal);
      onProgress(start, order.length);
      const batch = order.slice(start, start + batchSize);
      const texts = batch.map(([, { output }]) => output.text);
      const encoded = await model.encode(model.prepare(texts));
      const back = await model.decode(encoded, { signal, onStep: undefined });
      for (const [b, [place, { example }]] of batch.entries()) {
        const source = example.source.type === 'text' ? example.source.text : '';
        scores[place] = sentenceChrf(model.text(back[b]?.tokenIds ?? []), [source]);
      }
    }
    return scores;
  } finally {
    await model.dispose();
  }
}
