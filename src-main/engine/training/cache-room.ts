/** Keeps the folder of all stored outputs within its bounds: what was used longest ago goes first. */

import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

interface Other {
  readonly path: string;
  readonly bytes: number;
  readonly used: number;
}

export class CacheRoom {
  readonly #limit: number;
  readonly #others: Other[];

  private constructor(limit: number, others: Other[]) {
    this.#limit = limit;
    this.#others = others;
  }

  /** @param own name of the folder in `directory` that is being used now */
  static async open(directory: string, own: string, limit: number): Promise<CacheRoom> {
    const others: Other[] = [];
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((one) => one !== own)) {
      const path = join(directory, name);
      others.push({ path, bytes: await sizeOf(path), used: (await stat(path)).mtimeMs });
    }
    others.sort((a, b) => a.used - b.used);
    const now = new Date();
    await utimes(join(directory, own), now, now);
    return new CacheRoom(limit, others);
  }

  /** Whether the own folder may hold that many bytes; others are deleted for it, oldest first. */
  async has(bytes: number): Promise<boolean> {
    while (bytes + this.#bytesOfOthers() > this.#limit) {
      const oldest = this.#others.shift();
      if (oldest === undefined) return false;
      await rm(oldest.path, { recursive: true, force: true });
    }
    return true;
  }

  #bytesOfOthers(): number {
    return this.#others.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(path, entry.name))).size;
  }
  return bytes;
}
