/**
 * An engine process that starts before anybody asks for it: it reads its code beside the program that
 * will ask, and the first text comes the sooner.
 */

import { launchChildProcess } from './child-process-engine.ts';
import type { EngineProcess } from './engine-process.ts';

export class EarlyEngine {
  readonly #early = launchChildProcess();
  #taken = false;

  /** Of the process that was started early. */
  get pid(): number | undefined {
    return this.#early.pid;
  }

  get alive(): boolean {
    return this.#early.alive;
  }

  /** For EngineClient: the early process the first time, then new ones. */
  launch(): EngineProcess {
    if (this.#taken || !this.alive) return launchChildProcess();
    this.#taken = true;
    return this.#early;
  }

  /** Ends the early process if nobody has taken it. */
  dispose(): void {
    if (!this.#taken) this.#early.kill();
  }
}
