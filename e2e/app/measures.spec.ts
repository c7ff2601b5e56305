/** How fast the page answers. Figures are printed, not asserted (trials.ts). */

import type { Page } from '@playwright/test';
import { SyntheticHistory, UNITS_OF_FOUR_HOURS } from '../synthetic-history.ts';
import { LISTENER } from './bundled-strengths.ts';
import {
  downloaded,
  history,
  item,
  job,
  manySentences,
  openItem,
  slider,
  translateText,
  unit,
  units,
} from './test-actions.ts';
import { library, type Seed, smallModels } from './test-library.ts';
import { expect, webTest as test } from './test-page.ts';
import { printFigure, printTimes, printTrials, TRIALS } from './trials.ts';

const LONG = 'Four hours.wav';
const ITEMS = 10_000;
/** Every stop of the slider, so that nothing has to be computed. */
const { low, suggested, high, max } = LISTENER;
const STOPS = [0, low, suggested, high, max];
/** As many as one batch of the translator takes. */
const BATCH = 32;

const years: Seed = {
  fill(folder) {
    smallModels.fill(folder);
    const synthetic = new SyntheticHistory(folder);
    synthetic.addItems(ITEMS - 1, () => 1);
    synthetic.addItem(UNITS_OF_FOUR_HOURS, LONG, STOPS);
    synthetic.close();
  },
};

/**
 * Makes the page time the next key or click, until what `shown` says has changed and was painted.
 * The answer, in milliseconds from the event on, is asked for by `timed`.
 */
async function timeNext(page: Page, shown: 'strength' | 'focus' | 'units'): Promise<void> {
  await page.evaluate((what) => {
    const say = (): string => {
      if (what === 'focus') return document.activeElement?.getAttribute('data-unit') ?? '';
      const list = document.querySelector('[data-unit]')?.closest('ol')?.textContent ?? '';
      if (what === 'units') return list;
      return `${document.querySelector('[aria-valuetext]')?.getAttribute('aria-valuetext')} ${list}`;
    };
    const before = say();
    const { promise, resolve } = Promise.withResolvers<number>();
    Object.assign(globalThis, { timed: promise });
    const start = ({ timeStamp }: Event): void => {
      removeEventListener('keydown', start, true);
      removeEventListener('click', start, true);
      const look = (): void => {
        requestAnimationFrame(() => {
          if (say() === before) {
            look();
            return;
          }
          // The task after the frame: it is painted by then.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      };
      look();
    };
    addEventListener('keydown', start, true);
    addEventListener('click', start, true);
  }, shown);
}

function timed(page: Page): Promise<number> {
  return page.evaluate(() => Reflect.get(globalThis, 'timed') as Promise<number>);
}

async function timeKey(page: Page, key: string, shown: 'strength' | 'focus'): Promise<number> {
  await timeNext(page, shown);
  await page.keyboard.press(key);
  return timed(page);
}

test.describe('after years', () => {
  test.use({ seed: years });
  test.setTimeout(240_000);

  test('a recording of four hours, and 10,000 entries', async ({ appPage: page, web: _ }) => {
    await expect(history(page).getByRole('heading')).toContainText('10,000');
    await timeNext(page, 'units');
    await history(page).getByRole('button', { name: LONG, exact: true }).click();
    const opening = await timed(page);
    await expect(units(page).first()).toBeVisible();
    printFigure('a recording of four hours opens', '1 s', `${opening.toFixed(0)} ms`);
    await expect(item(page).getByText('of 2,400 units differ')).toBeVisible();

    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    printFigure('heap with it open', '300 MB', `${(usedSize / 1e6).toFixed(0)} MB`);

    await slider(page).focus();
    await expect(slider(page)).toHaveAttribute('aria-valuetext', `Suggested, α ${suggested}`);
    await printTrials('strength changed to one that is computed', '50 ms', (trial) =>
      timeKey(page, trial % 2 === 0 ? 'ArrowLeft' : 'ArrowRight', 'strength'),
    );

    await translateText(page, manySentences(20_000));
    const running = job(page, 'Tom has 1 apples');
    await expect(running.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/);
    await units(page).first().focus();
    await printTrials('key J while decoding runs', '50 ms', () => timeKey(page, 'j', 'focus'));
    await expect(running.getByRole('progressbar')).toBeVisible();
    await running.getByRole('button', { name: /^Cancel/ }).click();
    await expect(running).toContainText('Cancelled');

    const frames = await page.evaluate(scrollToEnd, LONG);
    printTimes('frames while scrolling through 10,000 entries', 'no long ones', frames.times);
    printFigure(
      'frames above 50 ms there',
      'none',
      `${frames.times.filter((time) => time > 50).length} of ${frames.times.length}`,
    );
    expect(frames.rows).toBe(ITEMS + 1);
  });
});

test.describe('at work', () => {
  test.use({ seed: library });
  test.setTimeout(240_000);

  test('nothing jumps', async ({ appPage: page, web: _ }) => {
    await page.evaluate(() => {
      const shifts: { readonly value: number; readonly expected: boolean }[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const value: unknown = Reflect.get(entry, 'value');
          const expected = Reflect.get(entry, 'hadRecentInput') === true;
          if (typeof value === 'number') shifts.push({ value, expected });
        }
      }).observe({ type: 'layout-shift' });
    });
    await page.keyboard.press('Tab');
    await translateText(page, 'Good morning. How are you? The house is small.');
    await expect(job(page, 'Good morning.')).toContainText('Done');
    await openItem(page, (await nameOf(page, 'Good morning.')) ?? '');
    await expect(unit(page, 1).or(page.getByText('No unit differs')).first()).toBeVisible();
    await slider(page).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'ArrowRight']) {
      await page.keyboard.press(key);
      await expect(units(page).filter({ hasText: 'computing' })).toHaveCount(0);
    }
    const shifts = await page.evaluate(
      () =>
        Reflect.get(globalThis, 'shifts') as readonly {
          readonly value: number;
          readonly expected: boolean;
        }[],
    );
    const sum = (list: typeof shifts) => list.reduce((total, { value }) => total + value, 0);
    printFigure(
      'layout shift: adding, a job, opening, moving the slider',
      '0.02',
      `${sum(shifts.filter(({ expected }) => !expected)).toFixed(4)} (${sum(shifts).toFixed(4)} with what answers to a key or click at once)`,
    );
  });

  test('a running job is cancelled, and the next one begins', async ({ appPage: page, web: _ }) => {
    await translateText(page, manySentences(BATCH, 'Eve'));
    await expect(job(page, 'Eve has 1 apples')).toContainText('Done');
    await openItem(page, (await nameOf(page, 'Eve has 1 apples')) ?? '');
    const { content } = await downloaded(page, async () => {
      await item(page).getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Everything' }).click();
    });
    const result = JSON.parse(content) as {
      readonly timings: { readonly decode: number };
      readonly segments: readonly {
        readonly variants: readonly { readonly tokenIds: number[] }[];
      }[];
    };
    const lengths = result.segments.flatMap(({ variants }) =>
      variants.map(({ tokenIds }) => tokenIds.length),
    );
    const step = result.timings.decode / (Math.max(...lengths) + 1);
    printFigure('a decode step of a full batch', 'for the next two', `${step.toFixed(1)} ms`);

    const names = ['Ann has 1 apples', 'Ben has 1 apples'] as const;
    await translateText(page, manySentences(20_000, 'Ann'));
    await translateText(page, manySentences(20_000, 'Ben'));
    const [untilSaid, untilNext]: [number[], number[]] = [[], []];
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const [at, waiting] = trial % 2 === 0 ? names : names.toReversed();
      if (at === undefined || waiting === undefined) continue;
      const row = job(page, at);
      await expect(row.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/);
      const times = await page.evaluate(timeCancel, { at, waiting });
      untilSaid.push(times.said);
      untilNext.push(times.next);
      await row.getByRole('button', { name: /^Retry/ }).click();
      await expect(row).toContainText('Waiting');
    }
    printTimes('cancel until it is said', 'one decode step + 100 ms', untilSaid);
    printTimes('cancel until the next job runs', 'one decode step + 100 ms', untilNext);
    for (const name of names) {
      await job(page, name)
        .getByRole('button', { name: /^Cancel/ })
        .click();
    }
  });
});

/** Full name of an entry of the history. @param beginning of it */
function nameOf(page: Page, beginning: string): Promise<string | null> {
  return history(page)
    .getByRole('button', { name: new RegExp(`^${beginning}`) })
    .first()
    .getAttribute('title');
}

/** Runs in the page: presses Cancel of one job, and waits until another is at work. */
async function timeCancel({ at, waiting }: { at: string; waiting: string }) {
  const row = (name: string) =>
    [...document.querySelectorAll('li[data-job]')].find(
      (each) => each.textContent?.includes(name) === true,
    );
  const cancel = row(at)?.querySelector<HTMLElement>('button[aria-label^="Cancel"]');
  const start = performance.now();
  cancel?.click();
  const until = async (name: string, state: string): Promise<number> => {
    while (row(name)?.textContent?.includes(state) !== true) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - start;
  };
  const [said, next] = await Promise.all([until(at, 'Cancelled'), until(waiting, 'Running')]);
  return { said, next };
}

/** Runs in the page: through all of the history, as fast as frames come. */
async function scrollToEnd(name: string): Promise<{ times: number[]; rows: number }> {
  const row = document.querySelector(`button[title="${name}"]`)?.closest('ul');
  const scroller = row?.parentElement;
  if (row == null || scroller == null) return { times: [], rows: 0 };
  const times: number[] = [];
  let last = performance.now();
  let still = 0;
  // Pages come as the end comes near: only what stays at the end for a while is the end.
  while (still < 60) {
    const before = scroller.scrollTop;
    scroller.scrollTop += 2000;
    still = scroller.scrollTop === before ? still + 1 : 0;
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    times.push(now - last);
    last = now;
  }
  const sizes = row.querySelector('li:last-child')?.getAttribute('aria-posinset');
  return { times, rows: Number(sizes) };
}
