/**
 * Zip archives (a zipped model folder, Argos packages), unpacked. An archive is not trusted: nothing is
 * written outside the given folder, nothing that is no plain file, and no more than was announced.
 */

import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import { requireRoom } from './require-room.ts';

/** Entries of an archive; models have some tens. */
const MOST_ENTRIES = 10_000;
/** Weights hardly shrink; something that grows as much as this was made to fill a disk. */
const MOST_GROWTH = 200;
/** Bytes that a small archive may grow to all the same. */
const ALWAYS_ALLOWED = 64 * 2 ** 20;
/** File types of Unix in the upper half of an entry's attributes. */
const TYPE_MASK = 0o170000;
const PLAIN_TYPES = [0, 0o100000, 0o040000];
/** How the reader words its refusal of `..`, drives, back slashes and paths from the root. */
const OUTSIDE =
  /^(?:invalid characters in fileName|absolute path|invalid relative path): (?<path>.+)$/;

export interface UnpackOptions {
  readonly signal: AbortSignal;
  /** Bytes unpacked of all. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * @param directory empty, and there
 * @throws VeerError MODEL_FILE_DAMAGED, MODEL_FORMAT_UNSUPPORTED for an encrypted archive, DISK_FULL, CANCELLED
 */
export async function unpackArchive(
  path: string,
  directory: string,
  { signal, onProgress }: UnpackOptions,
): Promise<void> {
  const name = basename(path);
  const { size } = await stat(path);
  const zip = await reading(name, openPromise(path, { autoClose: false, strictFileNames: true }));
  try {
    const entries = await reading(name, entriesOf(zip, name, size));
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    await requireRoom(directory, total);
    let done = 0;
    onProgress(0, total);
    for (const entry of entries) {
      throwIfCancelled(signal);
      const target = join(directory, ...entry.fileName.split('/'));
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const counted = new Transform({
        transform(chunk: Buffer, _, next) {
          done += chunk.length;
          onProgress(done, total);
          next(null, chunk);
        },
      });
      const source = await reading(name, zip.openReadStreamPromise(entry));
      const written = createWriteStream(target, { flags: 'wx', mode: 0o600 });
      // The reader fails where an entry holds more or less than it announces.
      await pipeline(source, counted, written, { signal }).catch((cause: unknown) => {
        throwIfCancelled(signal);
        throw damaged(name, `${entry.fileName} cannot be unpacked`, cause);
      });
    }
  } finally {
    zip.close();
  }
}

/** Files only, every one checked. */
async function entriesOf(zip: ZipFile, name: string, size: number): Promise<readonly Entry[]> {
  if (zip.entryCount > MOST_ENTRIES) throw damaged(name, `it has ${zip.entryCount} entries`);
  const files: Entry[] = [];
  const names = new Set<string>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    // The reader refuses `..`, drives, back slashes and paths from the root.
    if (entry.isEncrypted()) {
      throw new VeerError(
        'MODEL_FORMAT_UNSUPPORTED',
        `${name} is encrypted. Unpack it with its password, and import the folder.`,
      );
    }
    const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
    if (!PLAIN_TYPES.includes(type)) {
      throw damaged(name, `${fileName} in it is a link or no ordinary file`);
    }
    if (fileName.endsWith('/')) continue;
    if (fileName.includes('\0') || names.has(fileName.toLowerCase())) {
      throw damaged(name, 'it names a file twice, or wrongly');
    }
    names.add(fileName.toLowerCase());
    total += entry.uncompressedSize;
    if (total > Math.max(ALWAYS_ALLOWED, MOST_GROWTH * size)) {
      throw damaged(name, `it would unpack to more than ${MOST_GROWTH} times its size`);
    }
    files.push(entry);
  }
  return files;
}

async function reading<T>(name: string, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    const outside = OUTSIDE.exec(cause instanceof Error ? cause.message : '')?.groups?.['path'];
    if (outside !== undefined)
      throw damaged(name, `it names ${outside}, outside of its folder`, cause);
    throw damaged(name, 'it is no zip archive, or a broken one', cause);
  }
}

function damaged(name: string, reason: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_FILE_DAMAGED',
    `${name} cannot be unpacked: ${reason}. Download it again, or unpack it yourself and import the folder.`,
    { cause },
  );
}
