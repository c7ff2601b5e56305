/** What every screen must hold: no violation that axe finds, no text cut off, no sideways scrolling. */

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Checks the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  }));
  expect(found).toEqual([]);
}

interface Cut {
  readonly text: string;
  readonly why: string;
}

/**
 * Texts that cannot be read to their end. A name of a file may be cut where a title has it whole.
 */
export async function expectNothingCut(page: Page): Promise<void> {
  expect(await page.evaluate(cutTexts)).toEqual([]);
}

/** Runs in the page. */
function cutTexts(): Cut[] {
  const found: Cut[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push({ text: 'page', why: 'scrolls sideways' });
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hiddenForSight = style.clipPath !== 'none' || box.width <= 1 || box.height <= 1;
    if (style.visibility === 'hidden' || style.display === 'inline' || hiddenForSight) continue;
    const text = (element.textContent ?? '').trim().slice(0, 60);
    const owns = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    );
    const cutsX = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    if (cutsX && style.overflowX !== 'auto' && style.overflowX !== 'scroll') {
      const whole = element.closest('[title]') !== null;
      if (!whole) found.push({ text, why: `cut at the side (${element.className})` });
    } else if (cutsX) {
      found.push({ text, why: 'scrolls sideways' });
    } else if (
      owns &&
      style.overflowX === 'visible' &&
      element.scrollWidth > element.clientWidth + 1
    ) {
      found.push({ text, why: `wider than its place (${element.className})` });
    }
    const cutsY = style.overflowY === 'hidden' || style.overflowY === 'clip';
    if (owns && cutsY && element.scrollHeight > element.clientHeight + 2) {
      const clamped = style.webkitLineClamp !== 'none' && element.closest('[title]') !== null;
      if (!clamped) found.push({ text, why: `cut at the foot (${element.className})` });
    }
    if (owns && box.right > root.clientWidth + 1) found.push({ text, why: 'outside the window' });
  }
  return found;
}
