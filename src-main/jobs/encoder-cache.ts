/**
 * Encoder outputs on the disk, a folder per item, kept so that another α need not encode again. The
 * engine writes and reads the files; here they are bounded and deleted. Losing one costs time only.
 */

import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export class EncoderCache {
  readonly #directory: string;
  readonly #budget: () => number;
  #pruning: Promise<void> | null = null;

  /** @param budget bytes that all files may take, read anew each time; 0 keeps none */
  constructor(directory: string, budget: () => number) {
    this.#directory = directory;
    this.#budget = budget;
  }

  /** Folder for the outputs of an item, made if need be; null where none are kept. */
  folderOf(itemId: string): string | null {
    if (this.#budget() <= 0) return null;
    const folder = join(this.#directory, itemId);
    try {
      mkdirSync(folder, { recursive: true });
      return folder;
    } catch {
      // A full or read-only disk: work goes on, and encodes again.
      return null;
    }
  }

  /** Deletes the oldest files until the rest fits the budget. Calls at the same time share one pass. */
  prune(): Promise<void> {
    this.#pruning ??= this.#prune(this.#budget()).finally(() => {
      this.#pruning = null;
    });
    return this.#pruning;
  }

  /** Deletes all outputs, also under a job at work, which then encodes again. */
  async clear(): Promise<void> {
    await this.#prune(0);
  }

  /** Deletes the outputs of an item. */
  async remove(itemId: string): Promise<void> {
    await rm(join(this.#directory, itemId), { recursive: true, force: true });
  }

  async #prune(budget: number): Promise<void> {
    const files = await this.#files();
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.modified - b.modified)) {
      if (bytes <= budget) return;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  }

  async #files(): Promise<StoredFile[]> {
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const files: StoredFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      // The engine renames its temporary files under our hands.
      const found = await stat(path).catch(() => null);
      if (found !== null) files.push({ path, bytes: found.size, modified: found.mtimeMs });
    }
    return files;
  }
}
