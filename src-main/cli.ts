/**
 * Entry of the command line. Commands that run a model start the engine first of all, so that both
 * processes read their code at the same time.
 */

import { cancelOnSignals } from './cli/cancel-on-signals.ts';
import { launchChildProcess } from './engine-client/child-process-engine.ts';
import { EarlyEngine } from './engine-client/early-engine.ts';

const RUNS_A_MODEL: ReadonlySet<string | undefined> = new Set([
  'transcribe',
  'translate',
  'compare',
]);

const signal = cancelOnSignals();
const early = RUNS_A_MODEL.has(process.argv[2]) ? new EarlyEngine() : null;
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(() => early?.launch() ?? launchChildProcess(), signal);
early?.dispose();
