/** Files that come with the program: one click brings one in and opens it. */

import type { RunSettings, Sample } from '../../../src-main/contract/jobs.ts';
import type { Task } from '../../../src-main/contract/result.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import { suggestedAlphas } from './model-choice.ts';

/** In fp32 a step makes a difference in the recording; it was chosen for that. */
const DTYPE = 'fp32';

export class SamplesState {
  /** The one that is being brought in. */
  busy: Sample | null = $state(null);
  problem: Problem | null = $state.raw(null);
  readonly #client: AppClient;
  readonly #models: ModelsState;
  readonly #open: (itemId: string) => void;

  constructor(client: AppClient, models: ModelsState, open: (itemId: string) => void) {
    this.#client = client;
    this.#models = models;
    this.#open = open;
  }

  /** A noisy recording in which the plain and the suggested version differ. */
  recording(): Promise<void> {
    return this.#try('noisy-digits.en.opus', this.#compared());
  }

  /** An English letter, into the first language that some model writes from English. */
  letter(): Promise<void> {
    const model = this.#models
      .of('translate')
      .find(({ directions }) => directions.some(({ source }) => source === 'en'));
    const direction = model?.directions.find(({ source }) => source === 'en');
    return this.#try('letter.en.txt', {
      ...open('translate'),
      model: model?.id ?? null,
      language: direction?.target ?? null,
    });
  }

  /** The first model that has a proxy, with the step that the proxy suggests. */
  #compared(): RunSettings {
    for (const model of this.#models.of('transcribe')) {
      const alphas = suggestedAlphas(model, DTYPE);
      if (alphas === null) continue;
      return { ...open('transcribe'), model: model.id, dtype: DTYPE, alphas: [...alphas] };
    }
    return open('transcribe');
  }

  async #try(name: Sample, settings: RunSettings): Promise<void> {
    if (this.busy !== null) return;
    this.busy = name;
    this.problem = null;
    try {
      const source = { type: 'sample', name } as const;
      const job = await this.#client.jobs.add({ source, settings, keep: true });
      this.#open(job.itemId);
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = null;
    }
  }
}

/** Everything left to the program. */
function open(task: Task): RunSettings {
  return {
    task,
    model: null,
    proxy: null,
    dtype: null,
    alphas: null,
    choice: 'plain',
    language: null,
    sourceLanguage: null,
    search: null,
    speech: null,
  };
}
