/**
 * What a person chooses for runs of one task: the direction (of a recording: its language), the
 * model, and how thoroughly it looks for the text. Whatever is not chosen follows the settings, and else the order of the models.
 */

import type { RunSettings } from '../../../src-main/contract/jobs.ts';
import type { Direction } from '../../../src-main/contract/languages.ts';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import type { Task } from '../../../src-main/contract/result.ts';
import type { Search } from '../../../src-main/contract/search.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { SettingsState } from '../settings/settings-state.svelte.ts';
import { canDo, directionKey, directionsOf } from './model-choice.ts';

const FOUR_BEAMS: Search = {
  strategy: 'beam',
  beams: 4,
  lengthPenalty: 1,
  earlyStopping: false,
  returnSequences: 1,
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: null,
};

export class RunChoices {
  readonly task: Task;
  /** Four beams instead of greedy search. */
  thorough = $state(false);
  readonly #models: ModelsState;
  readonly #settings: SettingsState;
  #wantedModel: string | null = $state(null);
  #wantedDirection: string | null = $state(null);
  /** What any model of the task can do. */
  readonly directions: readonly Direction[] = $derived.by(() => directionsOf(this.#ofTask));
  /** Null where no model states one. */
  readonly direction: Direction | null = $derived.by(() => {
    const wanted = this.directions.find((each) => directionKey(each) === this.#wantedDirection);
    return wanted ?? this.#preferred?.directions[0] ?? this.directions[0] ?? null;
  });
  /** Models that can do the direction. */
  readonly models: readonly ListedModel[] = $derived.by(() =>
    this.#ofTask.filter((model) => canDo(model, this.direction)),
  );
  /** Null where there is none, and until the models are known. */
  readonly model: ListedModel | null = $derived.by(() => {
    const byName = (name: string | null | undefined) => this.models.find(({ id }) => id === name);
    return byName(this.#wantedModel) ?? byName(this.#preferred?.id) ?? this.models[0] ?? null;
  });

  constructor(task: Task, models: ModelsState, settings: SettingsState) {
    this.task = task;
    this.#models = models;
    this.#settings = settings;
  }

  /** True where the model is another one than without a person's choice. */
  get modelIsChosen(): boolean {
    return this.#wantedModel !== null && this.model?.id === this.#wantedModel;
  }

  chooseModel(id: string): void {
    this.#wantedModel = id;
  }

  /** @param key of one of the directions */
  chooseDirection(key: string): void {
    this.#wantedDirection = key;
  }

  /** Takes over what a run was made with. */
  adopt({ model: id, language, search }: RunSettings): void {
    this.thorough = search?.strategy === 'beam';
    this.#wantedModel = id;
    const directions = this.#ofTask.find((model) => model.id === id)?.directions ?? [];
    const direction = directions.find(({ target }) => target === language) ?? directions[0];
    this.#wantedDirection = direction === undefined ? null : directionKey(direction);
  }

  /** @param alphas null leaves them to the program */
  settings(alphas: readonly number[] | null): RunSettings {
    const { model } = this;
    // A model of a single direction needs no language; some would refuse one.
    const several = model !== null && model.directions.length > 1;
    return {
      task: this.task,
      model: model?.id ?? null,
      proxy: null,
      dtype: null,
      alphas: alphas === null ? null : [...alphas],
      language: several ? (this.direction?.target ?? null) : null,
      search: this.thorough ? FOUR_BEAMS : null,
    };
  }

  get #ofTask(): readonly ListedModel[] {
    return this.#models.of(this.task);
  }

  /** The model of the settings, or else the first one. */
  get #preferred(): ListedModel | undefined {
    const { current } = this.#settings;
    const name = this.task === 'transcribe' ? current?.transcribeModel : current?.translateModel;
    return this.#ofTask.find(({ id }) => id === name) ?? this.#ofTask[0];
  }
}
