/** The models that are there. */

import type { ListedModel, ModelList } from '../../../src-main/contract/model-list.ts';
import type { Task } from '../../../src-main/contract/result.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

/** What a model says of itself; null where it says nothing. */
interface Card {
  readonly id: string;
  readonly markdown: string | null;
}

export class ModelsState {
  /** Null until the application has answered. */
  list: ModelList | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** The one that is being read. */
  card: Card | null = $state.raw(null);
  readonly #client: AppClient;

  constructor(client: AppClient) {
    this.#client = client;
  }

  async load(): Promise<void> {
    await this.#ask(async () => {
      this.list = await this.#client.models.list();
    });
  }

  async openCard(id: string): Promise<void> {
    await this.#ask(async () => {
      const { markdown } = await this.#client.models.card({ id });
      this.card = { id, markdown };
    });
  }

  closeCard(): void {
    this.card = null;
  }

  /** An imported one. @returns whether it is gone */
  remove(id: string): Promise<boolean> {
    return this.#ask(async () => {
      this.list = await this.#client.models.remove({ id });
    });
  }

  /** That can do the task, in the order in which the application prefers them. */
  of(task: Task): readonly ListedModel[] {
    return this.list?.models.filter((model) => model.task === task) ?? [];
  }

  find(id: string | null): ListedModel | null {
    return this.list?.models.find((model) => model.id === id) ?? null;
  }

  /** Whether a model has this name; on many disks names that differ by case only are the same. */
  isTaken(name: string): boolean {
    const all = this.list === null ? [] : [...this.list.models, ...this.list.broken];
    return all.some(({ id }) => id.toLowerCase() === name.toLowerCase());
  }

  async #ask(act: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
  }
}
