/** Names of uploaded files: what people see, and what lies on the disk. */

/** Longest name that is shown, in characters; what the contract allows for names. */
const LONGEST = 200;
/** Control characters, halves of characters, and marks that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name to be shown: without folders and without what cannot be seen. */
export function shownName(name: string): string {
  const base = (name.split(/[/\\]/).at(-1) ?? '').replaceAll(UNSEEN, '').trim();
  const extension = extensionOf(base);
  const stem = base.slice(0, base.length - extension.length);
  const shown = stem.slice(0, LONGEST - extension.length).replace(/[\ud800-\udbff]$/, '');
  return /^\.*$/.test(shown) ? `file${extension}` : shown + extension;
}

/** The extension in small letters with its dot, or '': all of the name that reaches the disk. */
export function storedExtension(name: string): string {
  return extensionOf(shownName(name)).toLowerCase();
}

function extensionOf(name: string): string {
  return /.(\.[a-z0-9]{1,10})$/i.exec(name)?.[1] ?? '';
}
