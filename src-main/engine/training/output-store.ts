/**
 * What a frozen model makes of examples, kept on the disk: encoder outputs as float16, and one line
 * of JSON each for the text and the place. Both are only ever appended to, the numbers before the
 * line; so after a kill everything is there that has a whole line, and the work goes on behind it.
 * Two trainings at once do not disturb each other, since each writes numbers into a file of its own.
 * The folder may be deleted at any time between two trainings.
 */

import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const INDEX = 'outputs.jsonl';
const BYTES = 2;

const entrySchema = z.object({
  key: z.string(),
  /** Name of the file of numbers, and the place in it in bytes. */
  file: z.string().regex(/^[\w-]+\.f16$/),
  at: z.int().nonnegative(),
  /** Positions that are kept; real ones come first. */
  positions: z.int().positive(),
  valid: z.int().positive(),
  /** Positions that the encoder gave, padding included. */
  window: z.int().positive(),
  text: z.string(),
  /** Per token. */
  logProbability: z.number(),
});
export type StoredOutput = z.infer<typeof entrySchema>;

export class OutputStore implements AsyncDisposable {
  readonly #directory: string;
  readonly #hiddenSize: number;
  readonly #index: FileHandle;
  readonly #entries: Map<string, StoredOutput>;
  readonly #files = new Map<string, FileHandle>();
  /** That this store writes to; made with the first output. */
  readonly #ownFile = `${randomUUID()}.f16`;
  #ownEnd = 0;
  #bytes: number;

  private constructor(
    directory: string,
    hiddenSize: number,
    index: FileHandle,
    entries: Map<string, StoredOutput>,
  ) {
    this.#directory = directory;
    this.#hiddenSize = hiddenSize;
    this.#index = index;
    this.#entries = entries;
    this.#bytes = [...entries.values()].reduce((sum, one) => sum + this.sizeOf(one.positions), 0);
  }

  /** Makes the folder where it is not there. @throws the system's own errors */
  static async open(directory: string, hiddenSize: number): Promise<OutputStore> {
    await mkdir(directory, { recursive: true });
    const index = await open(join(directory, INDEX), 'a+');
    const content = await readFile(join(directory, INDEX), 'utf8');
    // A line that was being written when the process was killed must not spoil the next one.
    if (content !== '' && !content.endsWith('\n')) await index.write('\n');
    const entries = await wholeEntries(directory, content, BYTES * hiddenSize);
    return new OutputStore(directory, hiddenSize, index, entries);
  }

  /** Of the numbers so far. */
  get bytes(): number {
    return this.#bytes;
  }

  sizeOf(positions: number): number {
    return positions * this.#hiddenSize * BYTES;
  }

  get(key: string): StoredOutput | null {
    return this.#entries.get(key) ?? null;
  }

  /** @param hiddenStates [positions, D] */
  async add(output: Omit<StoredOutput, 'file' | 'at'>, hiddenStates: Float32Array): Promise<void> {
    const entry = { ...output, file: this.#ownFile, at: this.#ownEnd };
    const numbers = Float16Array.from(hiddenStates);
    const file = await this.#open(this.#ownFile, 'a+');
    await file.write(new Uint8Array(numbers.buffer));
    await this.#index.write(`${JSON.stringify(entry)}\n`);
    this.#ownEnd += numbers.byteLength;
    this.#bytes += numbers.byteLength;
    this.#entries.set(entry.key, entry);
  }

  /** The first `positions` of an example, [positions, D]. */
  async read({ file, at }: StoredOutput, positions: number): Promise<Float16Array> {
    const numbers = new Float16Array(positions * this.#hiddenSize);
    const handle = await this.#open(file, 'r');
    await handle.read(new Uint8Array(numbers.buffer), 0, numbers.byteLength, at);
    return numbers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    await this.#index.close();
  }

  async #open(name: string, flags: 'r' | 'a+'): Promise<FileHandle> {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const file = await open(join(this.#directory, name), flags);
    this.#files.set(name, file);
    return file;
  }
}

/** Entries whose numbers are all there; of a key the last one. Lines that are not whole are skipped. */
async function wholeEntries(
  directory: string,
  content: string,
  positionBytes: number,
): Promise<Map<string, StoredOutput>> {
  const sizes = new Map<string, number>();
  const entries = new Map<string, StoredOutput>();
  for (const line of content.split('\n')) {
    const parsed = entrySchema.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const { key, file, at, positions } = parsed.data;
    const size = sizes.get(file) ?? (await sizeOf(join(directory, file)));
    sizes.set(file, size);
    if (at + positions * positionBytes <= size) entries.set(key, parsed.data);
  }
  return entries;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
