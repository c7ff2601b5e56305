/**
 * SentencePiece's compiled table of replacements (`precompiled_charsmap`): the size of the trie in
 * bytes (uint32, little-endian), a double-array trie (darts-clone, units of uint32) from UTF-8 to
 * offsets, and the replacements, each ended by a zero byte.
 */

import { UnsupportedPart } from './fields.ts';

export interface Replacement {
  readonly text: string;
  /** Bytes of the input that it stands for. */
  readonly length: number;
}

/** Of a replacement in bytes; the longest of Unicode has 33. */
const LONGEST = 1024;

export class Charsmap {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;
  /** By offset. */
  readonly #decoded = new Map<number, string>();

  /** @throws UnsupportedPart where the table does not fit its own size */
  constructor(table: Uint8Array) {
    const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
    const size = table.length >= 4 ? view.getUint32(0, true) : 0;
    if (size === 0 || size % 4 !== 0 || size > table.length - 4) {
      throw new UnsupportedPart('its table of replacements (precompiled_charsmap) is damaged');
    }
    this.#units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
    this.#texts = table.subarray(4 + size);
  }

  /** The replacement of the shortest beginning of `bytes` that has one. */
  shortest(bytes: Uint8Array): Replacement | null {
    return this.#search(bytes, 0, true);
  }

  /** The replacement of the longest one that begins at `from`. */
  longest(bytes: Uint8Array, from: number): Replacement | null {
    return this.#search(bytes, from, false);
  }

  #search(bytes: Uint8Array, from: number, first: boolean): Replacement | null {
    const units = this.#units;
    let node = offsetOf(units[0] ?? 0);
    let found: Replacement | null = null;
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      node = (node ^ byte) >>> 0;
      const unit = units[node];
      // Bit 31 marks a value: it is never the label of a byte. A zero byte ends every key.
      if (byte === 0 || unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) break;
      node = (node ^ offsetOf(unit)) >>> 0;
      if (((unit >>> 8) & 1) === 0) continue;
      const value = units[node];
      if (value === undefined) break;
      found = { text: this.#textAt(value & 0x7fffffff), length: i + 1 - from };
      if (first) break;
    }
    return found;
  }

  #textAt(offset: number): string {
    const known = this.#decoded.get(offset);
    if (known !== undefined) return known;
    const rest = this.#texts.subarray(offset, offset + LONGEST);
    const end = rest.indexOf(0);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      end === -1 ? rest : rest.subarray(0, end),
    );
    this.#decoded.set(offset, text);
    return text;
  }
}

function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}
