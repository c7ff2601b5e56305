/** Where results are written: never half, never over an input, never twice to one name. */

import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { causeMessage, VeerError } from '../contract/errors.ts';

export class OutputFolder {
  /** As the person named it, for messages and for the paths that are given back. */
  readonly #directory: string;
  /** The same folder without symbolic links. */
  readonly #realDirectory: string;
  /** Real paths of inputs and of outputs so far, as `nameKey` writes them. */
  readonly #taken: Set<string>;

  private constructor(directory: string, realDirectory: string, inputs: readonly string[]) {
    this.#directory = directory;
    this.#realDirectory = realDirectory;
    this.#taken = new Set(inputs.map(nameKey));
  }

  /**
   * Makes the folder where it is missing and checks that it can be written to, before any work.
   *
   * @throws VeerError OUTPUT_NOT_WRITABLE
   */
  static async open(directory: string, inputs: readonly string[]): Promise<OutputFolder> {
    const probe = join(directory, `.veer-${process.pid}.tmp`);
    try {
      await makeFolder(directory);
      // Permission bits do not tell of read-only and pseudo file systems; writing does.
      await writeFile(probe, '');
      await rm(probe);
      const realInputs = (await Promise.all(inputs.map(placesOf))).flat();
      return new OutputFolder(directory, await realpath(directory), realInputs);
    } catch (cause) {
      throw notWritable(directory, cause);
    }
  }

  /**
   * Writes a text through a temporary file beside it, so that the name only ever holds a whole one.
   *
   * @param source input file; its name without the extension is the start of the output's name
   * @param suffix what follows it, for example `.de.txt`
   * @returns path of the file
   * @throws VeerError OUTPUT_NOT_WRITABLE
   */
  async write(source: string, suffix: string, text: string): Promise<string> {
    const path = this.#freePath(source, suffix);
    const temporary = join(this.#directory, `.veer-${process.pid}-${this.#taken.size}.tmp`);
    try {
      await writeFile(temporary, text, { flag: 'wx' });
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw notWritable(path, cause);
    }
    return path;
  }

  #freePath(source: string, suffix: string): string {
    const stem = source === '-' ? 'stdin' : basename(source, extname(source));
    for (let copy = 1; ; copy++) {
      const name = `${shortened(stem, suffix)}${copy === 1 ? '' : ` (${copy})`}${suffix}`;
      const key = nameKey(join(this.#realDirectory, name));
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return resolve(this.#directory, name);
    }
  }
}

/** Where an input lies, and where the symbolic link lies that it may be reached by. */
async function placesOf(input: string): Promise<readonly string[]> {
  const folder = await realpath(dirname(input)).catch(() => resolve(dirname(input)));
  const place = join(folder, basename(input));
  return [place, await realpath(input).catch(() => place)];
}

/** Some file systems hold `Talk.txt` and `talk.txt`, or two spellings of `ä`, for the same name. */
function nameKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Node's own recursive `mkdir` never ends where a file system answers ENOENT (Linux: /proc). */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(resolve(path));
  if (parent !== resolve(path)) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have made it in between.
    if (!(await isFolder(path))) throw error;
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** File systems allow 255 bytes for a name; the stem gives way, whole characters at a time. */
function shortened(stem: string, suffix: string): string {
  const limit = 255 - Buffer.byteLength(suffix) - ' (1000)'.length;
  let characters = [...stem];
  while (Buffer.byteLength(characters.join('')) > limit) characters = characters.slice(0, -1);
  return characters.join('');
}

function notWritable(path: string, cause: unknown): VeerError {
  return new VeerError(
    'OUTPUT_NOT_WRITABLE',
    `Cannot write to ${path} (${causeMessage(cause)}). Choose another folder with --out.`,
    { cause },
  );
}
