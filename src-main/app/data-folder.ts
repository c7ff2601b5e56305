/**
 * What lies where in the data folder. Everything that belongs to one item lies in folders of its
 * own, so that deleting the item is deleting these.
 */

import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { causeMessage, isDiskFull, VeerError } from '../contract/errors.ts';
import type { GrantedFile } from './grants.ts';

export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get database(): string {
    return join(this.path, 'veer.db');
  }

  get settings(): string {
    return join(this.path, 'settings.json');
  }

  /** Of `veer devices --bench`. */
  get deviceMeasurements(): string {
    return join(this.path, 'device-measurements.json');
  }

  get backups(): string {
    return join(this.path, 'backups');
  }

  get uploads(): string {
    return join(this.path, 'uploads');
  }

  get items(): string {
    return join(this.path, 'items');
  }

  /** Of imported models; made with the first. Those that come with the program lie elsewhere. */
  get models(): string {
    return join(this.path, 'models');
  }

  get encoderCache(): string {
    return join(this.path, 'cache', 'encoder');
  }

  /** What frozen models made of training examples. */
  get trainingCache(): string {
    return join(this.path, 'cache', 'proxy-training');
  }

  playback(itemId: string): string {
    return join(this.#item(itemId), 'playback.opus');
  }

  peaks(itemId: string): string {
    return join(this.#item(itemId), 'peaks.bin');
  }

  /** Makes the folders that the program writes to. @throws VeerError OUTPUT_NOT_WRITABLE */
  async make(): Promise<void> {
    await naming(this.path, async () => {
      // The data are the user's alone.
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await mkdir(this.uploads, { recursive: true, mode: 0o700 });
    });
  }

  /**
   * Keeps the source of an item. An upload moves here. A text is copied, since it is small and may
   * change later; a recording that is not ours stays where it is.
   *
   * @returns where the source is read from, and whether it lies here
   * @throws VeerError OUTPUT_NOT_WRITABLE, DISK_FULL
   */
  async adopt(
    itemId: string,
    file: Pick<GrantedFile, 'path' | 'name' | 'ownsFile'>,
    kind: 'audio' | 'text',
  ): Promise<{ readonly path: string; readonly owned: boolean }> {
    if (!file.ownsFile && kind === 'audio') return { path: file.path, owned: false };
    const path = join(this.#item(itemId), `source${extname(file.name).toLowerCase()}`);
    await naming(path, async () => {
      await mkdir(this.#item(itemId), { recursive: true });
      await (file.ownsFile ? rename(file.path, path) : copyFile(file.path, path));
    });
    return { path, owned: true };
  }

  /** @throws as `adopt` */
  async writeText(itemId: string, text: string): Promise<string> {
    const path = join(this.#item(itemId), 'source.txt');
    await naming(path, async () => {
      await mkdir(this.#item(itemId), { recursive: true });
      await writeFile(path, text, { flush: true });
    });
    return path;
  }

  /** @throws as `adopt` */
  async makeItem(itemId: string): Promise<void> {
    await naming(this.#item(itemId), async () => {
      await mkdir(this.#item(itemId), { recursive: true });
    });
  }

  /** Source, playback copy and peaks of an item. */
  async remove(itemId: string): Promise<void> {
    await rm(this.#item(itemId), { recursive: true, force: true });
  }

  #item(itemId: string): string {
    return join(this.items, itemId);
  }
}

/** @throws VeerError OUTPUT_NOT_WRITABLE, DISK_FULL for whatever `act` throws */
export async function naming<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (isDiskFull(cause)) {
      throw new VeerError(
        'DISK_FULL',
        'The disk is full. Make room on it and add the file again; nothing of it was kept.',
        { cause },
      );
    }
    throw new VeerError(
      'OUTPUT_NOT_WRITABLE',
      `Veer cannot write to its data folder ${path} (${causeMessage(cause)}). Check the rights of the folder.`,
      { cause },
    );
  }
}
