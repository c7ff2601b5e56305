/** All test sets on one bundled model in one dtype. */

import { join } from 'node:path';
import type { Dtype } from '../../../src-main/contract/devices.ts';
import { loadModel } from '../../../src-main/engine/models/factory.ts';
import type { LoadedModel } from '../../../src-main/engine/models/model.ts';
import { TRANSLATE_BATCH } from '../../../src-main/engine/pipeline/translate.ts';
import { DIRECTIONS, MODELS_DIRECTORY, TARGETS } from '../../dev-inputs.ts';
import { logProgress, showProgress } from '../../progress.ts';
import type { SpeechSet, TranslationSet } from './bundled-sets.ts';
import type {
  SpeechMeasurement,
  SpeechScores,
  TranslationMeasurement,
  TranslationScores,
} from './evaluation-file.ts';
import { speechOutputs, translationOutputs } from './outputs.ts';
import { BOOTSTRAP, type Output, speechScores, translationScores } from './scores.ts';

/** What is known before anything is measured. */
export type Circumstances = Pick<SpeechMeasurement, 'command' | 'date' | 'machine'>;

/** @throws VeerError CANCELLED, and what `loadModel` throws */
export async function measureRecogniser(
  id: string,
  dtype: Dtype,
  sets: readonly SpeechSet[],
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<SpeechMeasurement> {
  const model = await load(id, dtype, null);
  if (model.task !== 'transcribe') throw new Error(`${id} is no recogniser.`);
  try {
    const scores: Record<string, SpeechScores> = {};
    const began = performance.now();
    for (const set of sets) {
      const where = `${id} ${dtype}: ${set.name}`;
      const outputs = await speechOutputs(model, set, signal, (done) =>
        showProgress(`${where} ${done} of ${set.items.length}`),
      );
      for (const [name, part] of partsOf(set, outputs)) scores[name] = speechScores(part);
      logProgress(`${where}: WER ${scores[set.name]?.wer.toFixed(2)} %`);
    }
    return { ...measured(model, circumstances, 1, began), sets: scores };
  } finally {
    await model.dispose();
  }
}

/** @throws VeerError CANCELLED, and what `loadModel` throws */
export async function measureTranslator(
  id: string,
  dtype: Dtype,
  sets: readonly TranslationSet[],
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<TranslationMeasurement> {
  const scores: Record<string, TranslationScores> = {};
  let measurement: Omit<TranslationMeasurement, 'sets'> | null = null;
  let seconds = 0;
  for (const direction of DIRECTIONS) {
    const model = await load(id, dtype, TARGETS[direction]);
    if (model.task !== 'translate') throw new Error(`${id} is no translator.`);
    try {
      const began = performance.now();
      for (const set of sets.filter((one) => one.direction === direction)) {
        const where = `${id} ${dtype}: ${set.name}`;
        const outputs = await translationOutputs(model, set, signal, (done) =>
          showProgress(`${where} ${done}`),
        );
        scores[set.name] = translationScores(outputs);
        logProgress(`${where}: BLEU ${scores[set.name]?.bleu.toFixed(2)}`);
      }
      measurement = measured(model, circumstances, TRANSLATE_BATCH, began);
      seconds += measurement.seconds;
    } finally {
      await model.dispose();
    }
  }
  if (measurement === null) throw new Error('There is no direction to measure.');
  return { ...measurement, seconds: Number(seconds.toFixed(1)), sets: scores };
}

function load(id: string, dtype: Dtype, language: string | null) {
  const directory = join(MODELS_DIRECTORY, id);
  return loadModel({ directory, dtype, device: 'cpu', threads: null, language });
}

/** The whole set, and each of its conditions where there are several. */
function partsOf(
  { name, items }: SpeechSet,
  outputs: readonly Output[],
): readonly (readonly [string, readonly Output[]])[] {
  const conditions = [...new Set(items.map(({ condition }) => condition))];
  if (conditions.length === 1) return [[name, outputs]];
  return [
    [name, outputs],
    ...conditions.map((condition) => {
      const part = outputs.filter((_, i) => items[i]?.condition === condition);
      return [`${name}: ${condition}`, part] as const;
    }),
  ];
}

function measured(
  { identity }: LoadedModel,
  circumstances: Circumstances,
  batchSize: number,
  began: number,
): Omit<SpeechMeasurement, 'sets'> {
  return {
    encoderSha256: identity.encoderSha256,
    decoderSha256: identity.decoderSha256,
    ...circumstances,
    settings: {
      device: 'cpu',
      search: 'greedy',
      alpha: 0,
      batchSize,
      bootstrapResamples: BOOTSTRAP.resamples,
      bootstrapSeed: BOOTSTRAP.seed,
    },
    seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
  };
}
