/**
 * Speed of the history: `node e2e/bench/history.ts [items]` fills a database with that many items
 * (10,000 where not said) of seeded words, searches it 30 times, opens a recording of four hours
 * and deletes an item for good. Goals: search p95 ≤ 50 ms, opening ≤ 1 s.
 */

import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryQuery } from '../../src-main/contract/history.ts';
import { History } from '../../src-main/history/history.ts';
import { describeMachine } from '../machine.ts';
import { SEED, SyntheticHistory, UNITS_OF_FOUR_HOURS } from '../synthetic-history.ts';

/** Milliseconds. */
function time(act: () => unknown): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

const percentile = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.NaN;
const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(1)} ms`;

const items = Number(process.argv[2] ?? 10_000);
const folder = await mkdtemp(join(tmpdir(), 'veer-bench-history-'));
try {
  const synthetic = new SyntheticHistory(folder);
  synthetic.addItems(items);
  const long = synthetic.addItem(UNITS_OF_FOUR_HOURS);
  synthetic.close();
  const { options, words } = synthetic;

  const machine = await describeMachine(['better-sqlite3']);
  say(`${machine.cpu}, ${machine.cores} cores; node ${machine.versions['node']}; seed ${SEED}`);
  say(`${items + 1} items, ${(statSync(options.file).size / 2 ** 20).toFixed(0)} MiB`);
  let opened: History | undefined;
  say(
    `open the database, with its check: ${ms(
      time(() => {
        opened = History.open(options);
      }),
    )}`,
  );
  if (opened === undefined) throw new Error('The history did not open.');
  const history: History = opened;

  const query = (text: string): HistoryQuery => ({
    text,
    kind: null,
    state: null,
    cursor: null,
    limit: 50,
  });
  const common = words.slice(0, 5);
  const rare = () => synthetic.pick(words.slice(200));
  const texts = [
    ...common,
    ...Array.from({ length: 10 }, rare),
    ...['b', 's', 't', 'st', 'co', 'sta', 'con'],
    ...Array.from({ length: 4 }, () => `${synthetic.pick(common)} ${rare()}`),
    ...Array.from({ length: 4 }, () => `${rare()} ${rare().slice(0, 3)}`),
  ];
  const times = texts.map((text) => time(() => history.list(query(text))));
  say(
    `search, ${texts.length} queries: p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, most ${ms(Math.max(...times))}`,
  );
  const slowest = texts
    .map((text, i) => [text, times[i] ?? 0] as const)
    .toSorted((a, b) => b[1] - a[1]);
  say(
    `slowest: ${slowest
      .slice(0, 5)
      .map(([text, value]) => `"${text}" ${ms(value)}`)
      .join(', ')}`,
  );
  say(`list without a text: ${ms(time(() => history.list(query(''))))}`);
  say(
    `open four hours: ${ms(
      time(() => {
        history.open(long.itemId);
        history.segments(long.runId, 0, 5000);
      }),
    )}`,
  );
  const start = performance.now();
  await history.purge(['00000000-0000-4000-8000-000000000001']);
  say(`purge a short item: ${ms(performance.now() - start)}`);
  await history.close();
} finally {
  await rm(folder, { recursive: true });
}
