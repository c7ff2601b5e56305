/**
 * The merges of a byte-level BPE of which only the tokens in their order are known (tiktoken, ggml):
 * a token was made of the two tokens that merging by rank leaves of it when it may not be used itself.
 */

/**
 * @param tokens characters of the byte level, by id; the first are the bytes themselves
 * @returns pairs, in the order of the tokens that they make
 */
export function rankedMerges(
  tokens: readonly string[],
): readonly (readonly [left: string, right: string])[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges: (readonly [string, string])[] = [];
  tokens.forEach((token, id) => {
    if (token.length < 2 || ids.get(token) !== id) return;
    const parts = partsBelow(token, id, ids);
    if (parts.length === 2) merges.push([parts[0] ?? '', parts[1] ?? '']);
  });
  return merges;
}

/** Merges neighbours by the rank of the result, with ranks below `limit` only. */
function partsBelow(
  token: string,
  limit: number,
  ids: ReadonlyMap<string, number>,
): readonly string[] {
  const parts = [...token];
  while (parts.length > 2) {
    let best = -1;
    let lowest = limit;
    for (let i = 0; i < parts.length - 1; i++) {
      const rank = ids.get(`${parts[i]}${parts[i + 1]}`) ?? limit;
      if (rank >= lowest) continue;
      best = i;
      lowest = rank;
    }
    if (best === -1) break;
    parts.splice(best, 2, `${parts[best]}${parts[best + 1]}`);
  }
  return parts;
}
