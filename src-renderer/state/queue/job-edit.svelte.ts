/** Other settings for a job that waits, beginning with those that it has. */

import type { Job, RunSettings } from '../../../src-main/contract/jobs.ts';
import { parseAlphas, usableAlphas } from '../import/alphas.ts';
import { automaticAlphas } from '../import/model-choice.ts';
import { RunChoices } from '../import/run-choices.svelte.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { SettingsState } from '../settings/settings-state.svelte.ts';

export class JobEdit {
  readonly choices: RunChoices;
  alphaText = $state('');
  readonly alphas = $derived(parseAlphas(this.alphaText));
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
    const open = model === null ? null : automaticAlphas(model, before.dtype);
    // What the program chose it shall choose again, for another model too.
    const chosen = before.alphas !== null && !sameNumbers(before.alphas, open ?? []);
    this.alphaText = chosen ? (before.alphas ?? []).join(' ') : '';
  }

  /** Null while something is wrong. */
  get settings(): RunSettings | null {
    const typed = usableAlphas(this.alphas);
    if (typed === null) return null;
    const settings = this.choices.settings(typed.alphas);
    const { model, dtype, proxy } = this.#before;
    // Weights and proxy belong to the model.
    return settings.model === model ? { ...settings, dtype, proxy } : settings;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
