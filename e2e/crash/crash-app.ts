/**
 * A program like the application, to be killed: queue, history and engine over a folder that the
 * driver has filled. `node e2e/crash/crash-app.ts FOLDER`. Says as JSON lines what it has done, each
 * after it was stored, and goes on where the one before was killed.
 */

import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Variant } from '../../src-main/contract/result.ts';
import { History } from '../../src-main/history/history.ts';
import { EncoderCache } from '../../src-main/jobs/encoder-cache.ts';
import { JobQueue } from '../../src-main/jobs/job-queue.ts';
import type { CrashReport } from './crash-report.ts';
import { planRun, queueEngine, readSentences, startEngine } from './real-parts.ts';

const [directory = ''] = process.argv.slice(2);
const inputs = join(directory, 'inputs');

const history = History.open({
  file: join(directory, 'veer.db'),
  backupsDirectory: join(directory, 'backups'),
  now: Date.now,
});
const engine = startEngine();
const queue = new JobQueue({
  store: history.jobs,
  engine: queueEngine(engine),
  planRun,
  readSentences,
  encoderCache: new EncoderCache(join(directory, 'encoder'), () => 20e6),
  reportFault: (fault) => say({ type: 'fault', message: String(fault) }),
});

/** Written at once: a pipe takes a line synchronously. */
function say(report: CrashReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** What identifies an output: its text and tokens, not its rounding. */
function digest({ text, tokenIds }: Variant): string {
  return createHash('sha256')
    .update(JSON.stringify([text, tokenIds]))
    .digest('hex')
    .slice(0, 16);
}

function unitReports(runId: string, name: string, index: number) {
  const variants = history.jobs.segment(runId, index)?.variants ?? [];
  return variants.map((variant) => ({
    unit: `${name} ${index} ${variant.alpha}`,
    digest: digest(variant),
  }));
}

/** Files that are not queued yet; a start before may have been killed while it queued them. */
function addMissing(): void {
  const known = new Set(queue.list().map(({ name }) => name));
  for (const name of readdirSync(inputs).sort()) {
    if (known.has(name)) continue;
    const isText = name.endsWith('.txt');
    const item = {
      id: randomUUID(),
      kind: isText ? ('text' as const) : ('audio' as const),
      name,
      sourcePath: join(inputs, name),
      ownsSource: false,
      keep: true,
    };
    queue.addItem(item, {
      task: isText ? 'translate' : 'transcribe',
      model: null,
      proxy: null,
      dtype: null,
      alphas: [0],
      choice: 'plain',
      language: null,
      sourceLanguage: null,
      search: null,
      speech: null,
    });
  }
}

/** Every fourth file gets more α once it is done. */
function addVariants(): void {
  const jobs = queue.list();
  for (const { runId, name, state, work } of jobs) {
    const wanted = work.kind === 'whole' && state === 'done' && Number(name.slice(0, 2)) % 4 === 0;
    const has = jobs.some((job) => job.runId === runId && job.work.kind === 'variants');
    if (wanted && !has)
      queue.addVariants(runId, { kind: 'variants', alphas: [0, 0.5], units: null });
  }
}

async function tell(): Promise<void> {
  for await (const event of queue.watch()) {
    if (event.type === 'segment') {
      const { name } = history.jobs.job(event.jobId);
      say({ type: 'commit', units: unitReports(event.runId, name, event.index) });
    } else if (event.type === 'changed' && event.job.state === 'done') addVariants();
  }
}

void tell();
say({ type: 'started' });
queue.start();
addMissing();
addVariants();
await queue.idle();
const jobs = queue.list();
say({
  type: 'idle',
  jobs: jobs.map(({ id, name, state, work }) => ({
    id,
    name: `${name} ${work.kind}`,
    state,
  })),
  units: jobs
    .filter(({ work }) => work.kind === 'whole')
    .flatMap(({ runId, name }) =>
      history.jobs.units(runId).flatMap(({ index }) => unitReports(runId, name, index)),
    ),
});
await queue.close();
await engine.close();
await history.close();
