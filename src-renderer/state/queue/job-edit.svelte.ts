/** Other settings for a job that waits, beginning with those that it has. */

import type { Job, RunSettings } from '../../../src-main/contract/jobs.ts';
import { openAlphas } from '../import/model-choice.ts';
import { RunChoices } from '../import/run-choices.svelte.ts';
import { StrengthChoices } from '../import/strength-choices.svelte.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { SettingsState } from '../settings/settings-state.svelte.ts';

export class JobEdit {
  readonly choices: RunChoices;
  readonly strengths = new StrengthChoices();
  readonly #before: RunSettings;

  constructor(
    { settings: before }: Pick<Job, 'settings'>,
    models: ModelsState,
    settings: SettingsState,
  ) {
    this.#before = before;
    this.choices = new RunChoices(before.task, models, settings);
    this.choices.adopt(before);
    const { model } = this.choices;
    this.strengths.adopt(
      before,
      model === null ? [] : openAlphas(model, before.dtype, before.choice),
    );
  }

  /** Null while something is wrong. */
  get settings(): RunSettings | null {
    const strengths = this.strengths.settings;
    if (strengths === null) return null;
    const settings = this.choices.settings(strengths);
    const { model, dtype, proxy } = this.#before;
    // Weights and proxy belong to the model.
    return settings.model === model ? { ...settings, dtype, proxy } : settings;
  }
}
