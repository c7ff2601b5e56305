import { expect, test } from 'vitest';
import type { JobEvent } from '../contract/jobs.ts';
import { JobWatchers } from './job-watchers.ts';

const FIRST: JobEvent = { type: 'snapshot', jobs: [] };

const partial = (index: number, text: string): JobEvent => ({
  type: 'partial',
  jobId: 'job',
  runId: 'run',
  index,
  texts: [text],
});
const segment = (index: number): JobEvent => ({
  type: 'segment',
  jobId: 'job',
  runId: 'run',
  index,
});

/** A watcher that has heard the snapshot and is then busy with something else. */
async function slowWatcher(watchers: JobWatchers) {
  const events = watchers.watch(() => FIRST, undefined);
  expect((await events.next()).value).toEqual(FIRST);
  return events;
}

test('a slow watcher gets only the newest text of a unit, and every segment', async () => {
  const watchers = new JobWatchers();
  const events = await slowWatcher(watchers);
  for (let i = 0; i < 1000; i++) {
    watchers.tell(partial(0, `text ${i}`));
    watchers.tell(segment(i));
  }
  watchers.close();
  const heard = await Array.fromAsync(events);
  expect(heard.filter(({ type }) => type === 'segment')).toEqual(
    Array.from({ length: 1000 }, (_, i) => segment(i)),
  );
  expect(heard.filter(({ type }) => type === 'partial')).toEqual([partial(0, 'text 999')]);
});

test('growing texts of ever new units are bounded', async () => {
  const watchers = new JobWatchers();
  const events = await slowWatcher(watchers);
  for (let i = 0; i < 5000; i++) watchers.tell(partial(i, 'text'));
  watchers.close();
  const heard = await Array.fromAsync(events);
  expect(heard).toHaveLength(256);
  expect(heard.at(-1)).toEqual(partial(4999, 'text'));
});

test('a slow watcher does not hold up a quick one', async () => {
  const watchers = new JobWatchers();
  await slowWatcher(watchers);
  const quick = await slowWatcher(watchers);
  watchers.tell(segment(1));
  expect((await quick.next()).value).toEqual(segment(1));
});

test('a watcher that has stopped reading is let go, and the others are not', async () => {
  const watchers = new JobWatchers();
  const stuck = await slowWatcher(watchers);
  const quick = await slowWatcher(watchers);
  for (let i = 0; i < 50_001; i++) {
    watchers.tell(segment(i));
    await quick.next();
  }
  expect(await stuck.next()).toEqual({ done: true, value: undefined });
  watchers.tell(segment(0));
  expect((await quick.next()).value).toEqual(segment(0));
});

test('a watching that was never begun holds nothing', async () => {
  const watchers = new JobWatchers();
  const events = watchers.watch(() => {
    throw new Error('asked for');
  }, undefined);
  await events.return();
  watchers.tell(segment(1));
});
