/** English that is left on a page of another language. */

import { expect, type Page } from '@playwright/test';
import { german } from '../../src-renderer/i18n/de/german.ts';
import { english } from '../../src-renderer/i18n/en/english.ts';

/** A number that stands for every value, and does not occur in a message. */
const VALUE = 7;

/** Fixed texts of two words at least, and what stands around the values of the others. */
function fragmentsOf(messages: unknown): string[] {
  if (typeof messages === 'function') {
    return fragmentsOf(messages(VALUE, VALUE, VALUE, VALUE, VALUE));
  }
  if (typeof messages === 'string') {
    return messages
      .split(/\d+/)
      .map((part) => part.trim())
      .filter((part) => (part.match(/\p{L}{2,}/gu) ?? []).length >= 2);
  }
  if (typeof messages !== 'object' || messages === null) return [];
  return Object.values(messages).flatMap(fragmentsOf);
}

const GERMAN = fragmentsOf(german);
const ENGLISH = fragmentsOf(english).filter(
  (text) => !GERMAN.some((german) => german.includes(text)),
);

/** Regions that say of themselves that they are English do not count. */
export async function expectNoEnglish(page: Page, screen: string): Promise<void> {
  const said = await page.evaluate(textsOfPage);
  const left = ENGLISH.filter((text) => said.some((each) => each.includes(text)));
  expect.soft(left, screen).toEqual([]);
  // The check itself reads something.
  expect(said.length).toBeGreaterThan(0);
}

/** Runs in the page: what is shown, and what is read out. */
function textsOfPage(): string[] {
  const texts: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    if (element.closest('[lang]')?.getAttribute('lang')?.startsWith('en') === true) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) {
      const value = element.getAttribute(name);
      if (value !== null) texts.push(value);
    }
    const block = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent?.trim().replace(/\s+/g, ' ') ?? '');
    texts.push(...block.filter((text) => text !== ''));
  }
  return texts;
}
