/** The file for whoever helps: shown exactly as it would be saved, before it is. */

import type { NamedText } from '../../../src-main/contract/app-contract.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import type { WaysOut } from '../item/export-state.svelte.ts';

export class DiagnosticsState {
  /** What is shown; null while nothing is. */
  file: NamedText | null = $state.raw(null);
  collecting = $state(false);
  /** Name of the file that was saved last. */
  saved: string | null = $state(null);
  problem: Problem | null = $state.raw(null);
  readonly #client: AppClient;
  readonly #save: WaysOut['save'];

  constructor(client: AppClient, save: WaysOut['save']) {
    this.#client = client;
    this.#save = save;
  }

  async collect(): Promise<void> {
    if (this.collecting) return;
    this.collecting = true;
    this.problem = null;
    this.saved = null;
    try {
      this.file = await this.#client.app.diagnostics();
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.collecting = false;
  }

  save(): void {
    if (this.file === null) return;
    this.#save(this.file.fileName, this.file.content, 'application/json');
    this.saved = this.file.fileName;
    this.close();
  }

  close(): void {
    this.file = null;
  }
}
