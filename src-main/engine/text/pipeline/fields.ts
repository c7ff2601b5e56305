/** Reading the parts of a tokenizer.json, whose shapes nothing but its writer vouches for. */

/** What is wrong with a part, in words that can stand after "The tokenizer does not fit: ". */
export class UnsupportedPart extends Error {
  override readonly name = 'UnsupportedPart';
}

export type Part = Readonly<Record<string, unknown>>;

/** @throws UnsupportedPart where `value` is no object */
export function asPart(value: unknown, name: string): Part {
  if (isPart(value)) return value;
  throw new UnsupportedPart(`its ${name} is no object`);
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws UnsupportedPart where `value` is no list */
export function asList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnsupportedPart(`its ${name} is no list`);
}

/** @throws UnsupportedPart where the field is no text; a missing one is `fallback` where there is one */
export function textField(part: Part, field: string, fallback?: string): string {
  const value = part[field] ?? fallback;
  if (typeof value === 'string') return value;
  throw new UnsupportedPart(`its field ${field} is no text`);
}

/** A missing field is `fallback`. @throws UnsupportedPart where it is neither true nor false */
export function flagField(part: Part, field: string, fallback: boolean): boolean {
  const value = part[field] ?? fallback;
  if (typeof value === 'boolean') return value;
  throw new UnsupportedPart(`its field ${field} is neither true nor false`);
}

/** An id: a whole number from 0. @throws UnsupportedPart */
export function asId(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UnsupportedPart(`its ${name} is no token id`);
}

/** Type of a part: `Sequence`, `Metaspace`, … */
export function typeOf(part: Part, kind: string): string {
  const { type } = part;
  if (typeof type === 'string') return type;
  throw new UnsupportedPart(`its ${kind} has no type`);
}

/** @throws UnsupportedPart always */
export function refusePart(kind: string, type: string): never {
  throw new UnsupportedPart(`its ${kind} "${type.slice(0, 40)}" is not one that Veer reads`);
}
