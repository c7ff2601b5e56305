/** What a person asks of a recogniser beyond plain decoding (docs/decoding.md, Whisper). */

import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import type { Fallback, Speech } from '../../../src-main/contract/speech.ts';

/** The values of the reference implementation, as `--fallback` takes them. */
const QUALITY_CHECKS: Fallback = {
  temperatures: [0, 0.2, 0.4, 0.6, 0.8, 1],
  compressionRatioThreshold: 2.4,
  logProbabilityThreshold: -1,
  noSpeechThreshold: 0.6,
  seed: 0,
};

/** Whether any of these can be asked of a model. */
export function hasSpeechOptions(model: ListedModel | null): boolean {
  return model?.family === 'whisper';
}

/** Those of one language write that one only. */
export function writesEnglish({ family, directions }: ListedModel): boolean {
  return family === 'whisper' && directions.length > 1;
}

export class SpeechChoices {
  /** Whatever is spoken. */
  toEnglish = $state(false);
  /** Words to expect; '' for none. */
  prompt = $state('');
  qualityChecks = $state(false);
  /** By the times that the model writes, instead of pauses. */
  sequential = $state(false);

  adopt(speech: Speech | null): void {
    this.toEnglish = speech?.toEnglish ?? false;
    this.prompt = speech?.prompt ?? '';
    this.qualityChecks = (speech?.fallback ?? null) !== null;
    this.sequential = speech?.longForm === 'sequential';
  }

  /** @returns null where nothing is asked for that the model has */
  of(model: ListedModel | null): Speech | null {
    if (model === null || !hasSpeechOptions(model)) return null;
    const prompt = this.prompt.trim();
    const toEnglish = this.toEnglish && writesEnglish(model);
    if (!toEnglish && prompt === '' && !this.qualityChecks && !this.sequential) return null;
    return {
      toEnglish,
      timestamps: false,
      wordTimes: false,
      prompt: prompt === '' ? null : prompt,
      fallback: this.qualityChecks ? QUALITY_CHECKS : null,
      longForm: this.sequential ? 'sequential' : 'pauses',
      conditionOnPrevious: false,
    };
  }
}
