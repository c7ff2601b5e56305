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
import { Random } from '../../src-main/evaluation/random.ts';
import { Connection } from '../../src-main/history/connection.ts';
import { History } from '../../src-main/history/history.ts';
import { HistoryJobStore } from '../../src-main/history/job-store.ts';
import { openDatabase } from '../../src-main/history/open-database.ts';
import { Runs } from '../../src-main/history/runs.ts';
import { Units } from '../../src-main/history/units.ts';
import { describeMachine } from '../machine.ts';

const SEED = 20_261_121;
const UNITS_OF_FOUR_HOURS = 2400;
const WORDS_PER_UNIT = 14;
const VOCABULARY = 20_000;

const random = new Random(SEED);
const uniform = () => random.uint32() / 2 ** 32;
const SYLLABLES =
  'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za sta tri con per int'.split(' ');
const words = Array.from({ length: VOCABULARY }, () =>
  Array.from({ length: 1 + Math.floor(uniform() * 4) }, () => pick(SYLLABLES)).join(''),
);

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(uniform() * list.length)] as T;
}

/** Frequencies fall as in language: the rank of a word is log-uniform. */
function sentence(): string {
  const word = () => words[Math.floor(VOCABULARY ** uniform()) - 1] ?? '';
  return Array.from({ length: WORDS_PER_UNIT }, word).join(' ');
}

let ids = 0;
function nextId(): string {
  ids += 1;
  return `00000000-0000-4000-8000-${ids.toString(16).padStart(12, '0')}`;
}

function addItem(jobs: HistoryJobStore, units: number): { itemId: string; runId: string } {
  const [itemId, runId, id] = [nextId(), nextId(), nextId()];
  const settings = {
    task: 'transcribe',
    model: 'm',
    proxy: null,
    dtype: null,
    alphas: null,
    language: null,
  } as const;
  jobs.addItem(
    {
      id: itemId,
      kind: 'audio',
      name: `${sentence().slice(0, 30)}.wav`,
      sourcePath: '/x',
      ownsSource: false,
      keep: true,
    },
    { id: runId, itemId, settings },
    { id, runId, work: { kind: 'whole' } },
  );
  for (let index = 0; index < units; index += 1) {
    const variants = [0, 0.05].map((alpha) => ({
      alpha,
      text: sentence(),
      tokenIds: Array.from({ length: 20 }, () => random.uint32() % 50_000),
      averageLogProbability: -uniform(),
      finishReason: 'end-of-text' as const,
    }));
    const times = { start: index * 6, end: index * 6 + 6, source: null, separator: null };
    jobs.commitSegment(
      id,
      { index, ...times, predictedScore: uniform(), gradientNorm: uniform(), variants },
      { done: index, total: units },
    );
  }
  jobs.setState(id, { state: 'done' });
  return { itemId, runId };
}

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
  const now = () => 1000;
  const options = { file: join(folder, 'veer.db'), backupsDirectory: join(folder, 'backups'), now };
  const connection = new Connection(openDatabase(options));
  const jobs = new HistoryJobStore(connection, new Runs(connection), new Units(connection), now);
  // Most items are short: 6 to 60 units, 18 in the middle.
  for (let i = 0; i < items; i += 100) {
    connection.write(() => {
      for (let n = i; n < Math.min(items, i + 100); n += 1) {
        addItem(jobs, Math.round(6 * 10 ** uniform()));
      }
    });
  }
  const long = connection.write(() => addItem(jobs, UNITS_OF_FOUR_HOURS));
  connection.close();

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
  const rare = () => words[200 + Math.floor(uniform() * (VOCABULARY - 200))] ?? '';
  const texts = [
    ...common,
    ...Array.from({ length: 10 }, rare),
    ...['b', 's', 't', 'st', 'co', 'sta', 'con'],
    ...Array.from({ length: 4 }, () => `${pick(common)} ${rare()}`),
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
