/** `node e2e/crash/crash-test.ts [--kills 100] [--seed N] [--log FILE]`: run-crashes.ts by command. */

import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCrashes } from './run-crashes.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    log: { type: 'string' },
  },
});

function log(line: string): void {
  process.stdout.write(`${line}\n`);
  if (values.log !== undefined) appendFileSync(values.log, `${line}\n`);
}

log(`crash test: ${values.kills} kills, seed ${values.seed}, node ${process.version}`);
const outcome = await runCrashes({ kills: Number(values.kills), seed: Number(values.seed), log });
for (const fault of outcome.faults) log(`FAULT ${fault}`);
log(JSON.stringify({ ...outcome, faults: outcome.faults.length }));
process.exitCode = outcome.faults.length === 0 ? 0 : 1;
