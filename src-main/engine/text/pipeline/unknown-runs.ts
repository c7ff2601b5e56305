/** What becomes of characters that no piece of a vocabulary has: one token for a run, or their bytes. */

export interface UnknownRules {
  /** Pieces by spelling. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Id of `<unk>`; null leaves unknown characters out. */
  readonly unknownId: number | null;
  /** Bytes `<0xNN>` instead, where the vocabulary has all of a run. */
  readonly byteFallback: boolean;
  /** A run is one token, not one for each character. */
  readonly fuses: boolean;
}

/** Ids of one run of unknown characters. */
export function idsOfUnknown(run: string, rules: UnknownRules): readonly number[] {
  // The other vocabulary of a translator may have what the own one has not.
  const whole = rules.vocabulary.get(run);
  if (whole !== undefined) return [whole];
  if (rules.byteFallback) {
    const bytes = byteIds(run, rules.vocabulary);
    if (bytes !== null) return bytes;
  }
  return rules.unknownId === null ? [] : [rules.unknownId];
}

/** Null where the vocabulary lacks one of them. */
export function byteIds(
  text: string,
  vocabulary: ReadonlyMap<string, number>,
): readonly number[] | null {
  const ids: number[] = [];
  for (const byte of Buffer.from(text)) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}
