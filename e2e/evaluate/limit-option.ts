/** @throws Error for less than one */
export function limitOption(text: string): number {
  const limit = Number(text);
  if (limit >= 1) return limit;
  throw new Error(`--limit must be 1 or more, not "${text}".`);
}
