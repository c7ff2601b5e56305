/**
 * Files that a browser hands over. The body is written as it comes, under a temporary name that
 * nothing of the request decides; what does not arrive whole leaves nothing.
 */

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDiskFull, VeerError } from '../contract/errors.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';
import { shownName, storedExtension } from './upload-name.ts';
import type { WebApp } from './web-app.ts';

const MIB = 2 ** 20;

export interface UploadOptions {
  /** Largest file that is taken, in bytes. */
  readonly mostBytes: number;
  /** Bytes that an upload leaves free, for the history and the playback copy. */
  readonly reserve: number;
  /** Milliseconds in which some bytes must come. */
  readonly patience: number;
  /** Bytes that this user can still write in a folder. */
  readonly freeBytes: (directory: string) => Promise<number>;
}

export const UPLOAD_DEFAULTS: UploadOptions = {
  // Larger than any recording of a day, and than any disk that would need it.
  mostBytes: 256 * 1024 * MIB,
  reserve: 256 * MIB,
  patience: 60_000,
  freeBytes: async (directory) => {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  },
};

export interface Uploaded {
  readonly grantId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export class Uploads {
  readonly #app: WebApp;
  readonly #options: UploadOptions;
  /** Bytes that uploads have announced and not yet written. */
  #announced = 0;
  readonly #running = new Set<Promise<unknown>>();

  constructor(app: WebApp, options: UploadOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Removes what was left behind when the program ended before it could. */
  async clear(): Promise<void> {
    const directory = this.#app.uploadsDirectory;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }

  /** Resolves when no upload is being written; those that are must have been cut before. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  /**
   * @param name as the browser says it
   * @param begin is called once the body may come
   */
  async receive(
    request: IncomingMessage,
    name: string,
    begin: () => void,
  ): Promise<Uploaded | Refusal> {
    const running = this.#receive(request, name, begin);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      return refusalOf(named(error, request));
    } finally {
      this.#running.delete(running);
    }
  }

  async #receive(
    request: IncomingMessage,
    name: string,
    begin: () => void,
  ): Promise<Uploaded | Refusal> {
    if (name === '') {
      return refusal(400, 'UPLOAD_BROKEN', 'The name of the file is missing. Add it again.');
    }
    const header = request.headers['content-length'];
    if (header === undefined) {
      return refusal(411, 'UPLOAD_BROKEN', 'The length of the file is missing. Add it again.');
    }
    const size = Number(header);
    if (!Number.isSafeInteger(size) || size > this.#options.mostBytes) {
      const most = Math.floor(this.#options.mostBytes / MIB);
      return refusal(
        413,
        'UPLOAD_BROKEN',
        `The file is larger than ${most} MiB. Cut it into smaller ones.`,
      );
    }
    if (size === 0) {
      return refusal(400, 'FILE_EMPTY', 'The file is empty. Choose one that has something in it.');
    }
    const ahead = this.#announced;
    this.#announced += size;
    let left = size;
    const arrived = (bytes: number) => {
      left -= bytes;
      this.#announced -= bytes;
    };
    try {
      const free = await this.#options.freeBytes(this.#app.uploadsDirectory);
      if (ahead + size + this.#options.reserve > free) throw diskFull();
      begin();
      return await this.#store(request, name, size, arrived);
    } finally {
      this.#announced -= left;
    }
  }

  async #store(
    request: IncomingMessage,
    name: string,
    size: number,
    arrived: (bytes: number) => void,
  ): Promise<Uploaded> {
    const id = randomUUID();
    const partial = join(this.#app.uploadsDirectory, `${id}.part`);
    const path = join(this.#app.uploadsDirectory, `${id}${storedExtension(name)}`);
    // Node closes a connection on which nothing came for so long.
    request.socket.setTimeout(this.#options.patience);
    try {
      let received = 0;
      const counted = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          received += chunk.length;
          yield chunk;
          arrived(chunk.length);
        }
      };
      await pipeline(request, counted, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
      if (received !== size) throw broken();
      await rename(partial, path);
      const shown = shownName(name);
      const grantId = this.#app.grants.register({ path, name: shown, size, ownsFile: true });
      return { grantId, name: shown, size };
    } catch (error) {
      await rm(partial, { force: true });
      await rm(path, { force: true });
      throw error;
    } finally {
      request.socket.setTimeout(0);
    }
  }
}

function named(error: unknown, request: IncomingMessage): unknown {
  if (error instanceof VeerError) return error;
  if (isDiskFull(error)) return diskFull(error);
  return request.complete ? error : broken(error);
}

function diskFull(cause?: unknown): VeerError {
  return new VeerError(
    'DISK_FULL',
    'There is not enough room on the disk for this file. Make room and add it again.',
    { cause },
  );
}

function broken(cause?: unknown): VeerError {
  return new VeerError('UPLOAD_BROKEN', 'The file did not arrive whole. Add it again.', { cause });
}
