/** An engine process as its parent sees it, whatever started it: Node's fork or Electron. */

import type { ProcessPort } from '../contract/process-port.ts';

export interface EngineProcess {
  readonly port: ProcessPort;
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** Resolves, and never rejects, when the process has ended, with the reason for people. */
  readonly exited: Promise<string>;
  /** Ends it at once. */
  kill(): void;
}

export type LaunchEngine = () => EngineProcess;
