/** What the engine is asked for: the settings of a run with everything chosen that they left open. */

import { basename } from 'node:path';
import type { RunOptions } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { RunSettings } from '../contract/jobs.ts';
import { primaryLanguage } from '../contract/languages.ts';
import { GREEDY } from '../contract/search.ts';
import type { Settings } from '../contract/settings.ts';
import { requireSpeech } from '../contract/speech.ts';
import { chooseModel } from '../model-store/choose-model.ts';
import type { ModelEntry } from '../model-store/list-models.ts';

export interface PlannedRun {
  /** The settings with the choices made, to be stored: a later start makes the same ones. */
  readonly settings: RunSettings;
  readonly options: Omit<RunOptions, 'encoderCache' | 'predictPerturbed'>;
  /** BCP 47 tag of what is read or heard, where it was asked for or the model's folder says it. */
  readonly sourceLanguage: string | null;
}

/**
 * @throws VeerError MODEL_NOT_FOUND, MODEL_TASK_MISMATCH, PROXY_NOT_FOUND, PROXY_INVALID,
 *   ALPHA_NOT_FINITE, OPTION_INVALID, and the problem of a broken model folder
 */
export async function planRun(
  asked: RunSettings,
  { device, threads, ...preferred }: Settings,
  modelDirectories: readonly string[],
): Promise<PlannedRun> {
  requireSpeech(asked.speech, asked.search);
  if (asked.task === 'translate' && asked.speech !== null) {
    throw new VeerError('OPTION_INVALID', 'The options for Whisper are for recordings, not texts.');
  }
  const favourite =
    asked.task === 'transcribe' ? preferred.transcribeModel : preferred.translateModel;
  const request = { ...asked, model: asked.model ?? favourite };
  const { model, dtype, alphas, ...chosen } = await chooseModel(
    modelDirectories,
    request,
    asked.choice === 'automatic' ? 'automatic' : 'proven',
  );
  // Also where only plain output is asked for now: more α may be wanted later, of the same proxy.
  const proxy = chosen.proxy ?? model.proxies[0] ?? null;
  const search = asked.search ?? GREEDY;
  return {
    settings: {
      ...asked,
      model: model.id,
      proxy: proxy === null ? null : basename(proxy.directory),
      dtype,
      alphas: [...alphas],
      search,
    },
    options: {
      modelDirectory: model.directory,
      proxyDirectory: proxy?.directory ?? null,
      dtype,
      device,
      threads,
      alphas: [...alphas],
      chooseAlpha: asked.choice === 'automatic' && alphas.length > 1,
      language: asked.language,
      search,
      speech: asked.speech,
      sourceLanguage: asked.sourceLanguage,
      batchSize: null,
    },
    sourceLanguage: asked.sourceLanguage ?? sourceOf(model, asked.language),
  };
}

function sourceOf({ directions }: ModelEntry, language: string | null): string | null {
  const target = language === null ? undefined : primaryLanguage(language);
  const direction = directions.find((each) => target === undefined || each.target === target);
  return direction?.source ?? null;
}
