/**
 * What every screen must hold: nothing that axe finds, no text cut off, no sideways scrolling, every
 * control within reach. Each says the screen, and the test goes on, so that all faults are seen at once.
 */

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const softly = expect.configure({ soft: true });
/** What depends on the colours alone. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Checks the page as it stands, in its light and its dark look. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNoViolations(axe(page), `${screen}, light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoViolations(axe(page).withRules(COLOUR_RULES), `${screen}, dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** There are no frames, so that nothing has to be put together in a page of its own. */
function axe(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true);
}

async function expectNoViolations(builder: AxeBuilder, screen: string): Promise<void> {
  const { violations } = await builder.analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  }));
  expect.soft(found, screen).toEqual([]);
}

interface Fault {
  readonly text: string;
  readonly why: string;
}

/** Texts can be read to their end. A name of a file may be cut where a title has it whole. */
export async function expectNothingCut(page: Page, screen: string): Promise<void> {
  await expectSoon(() => page.evaluate(cutTexts), screen);
}

/** Whatever can be worked comes into view when it is gone to, in a low window too. */
export async function expectAllReachable(page: Page, screen: string): Promise<void> {
  await expectSoon(() => page.evaluate(unreachable), screen);
}

/** What floats finds its place a moment after a window has changed its size. */
async function expectSoon(look: () => Promise<readonly Fault[]>, screen: string): Promise<void> {
  await softly.poll(look, { message: screen, timeout: 3000 }).toEqual([]);
}

/** Runs in the page. */
function cutTexts(): Fault[] {
  const found: Fault[] = [];
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
    // Whoever types in a field moves through it.
    if (element instanceof HTMLInputElement && element.value !== '') continue;
    const cutsX = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    if (cutsX && style.overflowX !== 'auto' && style.overflowX !== 'scroll') {
      const whole = element.closest('[title]') !== null;
      if (!whole) found.push({ text, why: `cut at the side (${element.className})` });
    } else if (cutsX) {
      found.push({ text, why: `scrolls sideways (${element.className})` });
    } else if (
      owns &&
      style.overflowX === 'visible' &&
      element.scrollWidth > element.clientWidth + 1
    ) {
      found.push({ text, why: `wider than its place (${element.className})` });
    }
    const cutsY = style.overflowY === 'hidden' || style.overflowY === 'clip';
    if (owns && cutsY && element.scrollHeight > element.clientHeight + 2) {
      // The beginning of a person's text, which is whole where it is opened.
      const excerpt = style.webkitLineClamp !== 'none' && element.matches('.foreign-text');
      if (!excerpt) found.push({ text, why: `cut at the foot (${element.className})` });
    }
    if (owns && box.right > root.clientWidth + 1) found.push({ text, why: 'outside the window' });
  }
  return found;
}

/** Runs in the page. */
function unreachable(): Fault[] {
  const found: Fault[] = [];
  const dialog = document.querySelector('[role="dialog"], [role="menu"]');
  const within = dialog ?? document.body;
  const scrolled = [...document.querySelectorAll('*')]
    .filter(({ scrollTop }) => scrollTop > 0)
    .map((element) => ({ element, top: element.scrollTop }));
  const controls =
    'button, a[href], input, select, textarea, summary, [tabindex="0"], [role="menuitem"]';
  for (const element of within.querySelectorAll<HTMLElement>(controls)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.tabIndex < 0) continue;
    element.scrollIntoView({ block: 'center', inline: 'nearest' });
    const box = element.getBoundingClientRect();
    // Of what is larger than its place, such as a region that scrolls, its beginning.
    const [x, y] = [box.left + Math.min(box.width / 2, 8), box.top + Math.min(box.height / 2, 8)];
    const text = `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.trim()}`;
    let clip: Element | null = element.parentElement;
    let inside = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
    const isForReaders = box.width <= 1 || getComputedStyle(element).clipPath !== 'none';
    for (; clip !== null && inside; clip = clip.parentElement) {
      if (getComputedStyle(clip).overflowY === 'visible') continue;
      const place = clip.getBoundingClientRect();
      inside = x >= place.left && x <= place.right && y >= place.top && y <= place.bottom;
    }
    if (!inside && !isForReaders) found.push({ text: text.slice(0, 60), why: 'out of reach' });
  }
  for (const { element } of scrolled) element.scrollTop = 0;
  for (const { element, top } of scrolled) element.scrollTop = top;
  return found;
}
