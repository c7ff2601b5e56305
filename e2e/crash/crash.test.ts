import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { runCrashes } from './run-crashes.ts';

const seed = randomInt(2 ** 31);

// Engines are found through /proc.
test.runIf(process.platform === 'linux')(
  `nothing is lost, doubled or changed by 10 kills at random moments (seed ${seed})`,
  { timeout: 240_000 },
  async () => {
    const lines: string[] = [];
    const outcome = await runCrashes({ kills: 10, seed, log: (line) => lines.push(line) });
    expect(outcome.faults, lines.join('\n')).toEqual([]);
    expect(outcome.jobs).toBe(20);
  },
);
