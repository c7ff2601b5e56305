/** Where results are written: never half, never over an input, never twice to one name. */

import { constants } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { causeMessage, VeerError } from '../contract/errors.ts';

export class OutputFolder {
  readonly #directory: string;
  readonly #taken: Set<string>;

  private constructor(directory: string, inputs: readonly string[]) {
    this.#directory = directory;
    this.#taken = new Set(inputs.map((input) => resolve(input)));
  }

  /**
   * Makes the folder where it is missing and checks that it can be written to, before any work.
   *
   * @throws VeerError OUTPUT_NOT_WRITABLE
   */
  static async open(directory: string, inputs: readonly string[]): Promise<OutputFolder> {
    try {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw notWritable(directory, cause);
    }
    return new OutputFolder(directory, inputs);
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
      const path = resolve(this.#directory, name);
      if (this.#taken.has(path)) continue;
      this.#taken.add(path);
      return path;
    }
  }
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
