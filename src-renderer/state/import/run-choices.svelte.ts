/**
 * What a person chooses for runs of one task: the languages, the model, how thoroughly it looks for
 * the text, and how recordings are written down. Whatever is not chosen follows the settings, and else the order of the models.
 */

import type { RunSettings } from '../../../src-main/contract/jobs.ts';
import type { Direction } from '../../../src-main/contract/languages.ts';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import type { Task } from '../../../src-main/contract/result.ts';
import type { Search } from '../../../src-main/contract/search.ts';
import type { ModelsState } from '../models/models-state.svelte.ts';
import type { SettingsState } from '../settings/settings-state.svelte.ts';
import { canDo, directionKey, directionsOf, sourcesOf } from './model-choice.ts';
import { SpeechChoices } from './speech-choices.svelte.ts';

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
  /** Of recordings. */
  readonly speech = new SpeechChoices();
  readonly #models: ModelsState;
  readonly #settings: SettingsState;
  #wantedModel: string | null = $state(null);
  #wantedSource: string | null = $state(null);
  #wantedDirection: string | null = $state(null);
  /** What some model of the task can be told to read. */
  readonly sources: readonly string[] = $derived.by(() => sourcesOf(this.#ofTask));
  /** Null where a person has not chosen what is read. */
  readonly source: string | null = $derived.by(
    () => this.sources.find((each) => each === this.#wantedSource) ?? null,
  );
  /** What any model of the task can do, from the source that was chosen. */
  readonly directions: readonly Direction[] = $derived.by(() =>
    directionsOf(this.#ofTask, this.source),
  );
  /**
   * Null where no model states one, and for recordings of which nobody says the language: a model of
   * several detects it.
   */
  readonly direction: Direction | null = $derived.by(() => {
    const byKey = (key: string | null) =>
      this.directions.find((each) => directionKey(each) === key);
    const wanted = byKey(this.#wantedDirection) ?? null;
    if (wanted !== null || this.canDetect) return wanted;
    const [preferred = null] = this.#preferred?.directions ?? [];
    return byKey(preferred && directionKey(preferred)) ?? this.directions[0] ?? null;
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

  /** Whether the language of a recording can be left open. */
  get canDetect(): boolean {
    return this.task === 'transcribe' && this.directions.length > 1;
  }

  /** True where the model is another one than without a person's choice. */
  get modelIsChosen(): boolean {
    return this.#wantedModel !== null && this.model?.id === this.#wantedModel;
  }

  chooseModel(id: string): void {
    this.#wantedModel = id;
  }

  /** @param key of one of the directions; null leaves it open */
  chooseDirection(key: string | null): void {
    this.#wantedDirection = key;
  }

  /** The language to write stays where it can. @param tag null: what the model reads by itself */
  chooseSource(tag: string | null): void {
    const target = this.direction?.target;
    this.#wantedSource = tag;
    const kept = this.directions.find((each) => each.target === target);
    this.#wantedDirection = kept === undefined ? null : directionKey(kept);
  }

  /** Takes over what a run was made with. */
  adopt({ model: id, language, sourceLanguage, search, speech }: RunSettings): void {
    this.thorough = search?.strategy === 'beam';
    this.speech.adopt(speech);
    this.#wantedModel = id;
    const model = this.#ofTask.find((each) => each.id === id);
    this.#wantedSource = model?.sources.find((tag) => tag === sourceLanguage) ?? null;
    const directions = model === undefined ? [] : directionsOf([model], this.#wantedSource);
    // Of a recording, runs once kept what is spoken as the language to write.
    const wanted = this.task === 'transcribe' ? (sourceLanguage ?? language) : language;
    const first = this.task === 'transcribe' ? undefined : directions[0];
    const direction = directions.find(({ target }) => target === wanted) ?? first;
    this.#wantedDirection = direction === undefined ? null : directionKey(direction);
  }

  settings(strengths: Pick<RunSettings, 'alphas' | 'choice'>): RunSettings {
    const { model } = this;
    // A model of a single direction needs no language; some would refuse one.
    const several = model !== null && model.directions.length > 1;
    const heard = this.task === 'transcribe';
    const told = heard ? several : model !== null && this.#isTold(model);
    return {
      task: this.task,
      model: model?.id ?? null,
      proxy: null,
      dtype: null,
      ...strengths,
      language: several && !heard ? (this.direction?.target ?? null) : null,
      sourceLanguage: told ? (this.direction?.source ?? null) : null,
      search: this.thorough ? FOUR_BEAMS : null,
      speech: heard ? this.speech.of(model) : null,
    };
  }

  /** Where a person has chosen what is read, or it is not what the model reads by itself. */
  #isTold({ sources, directions }: ListedModel): boolean {
    if (sources.length === 0) return false;
    return this.source !== null || this.direction?.source !== directions[0]?.source;
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
