/**
 * What a frozen model makes of examples, kept on the disk: encoder outputs as float16 in one file,
 * and one line of JSON each for the text and the place. Both are only ever appended to, the numbers
 * before the line; so after a kill everything is there that has a whole line, and the work goes on
 * behind it. The folder may be deleted at any time between two trainings.
 */

import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const NUMBERS = 'encoder-outputs.f16';
const INDEX = 'outputs.jsonl';
const BYTES = 2;

const entrySchema = z.object({
  key: z.string(),
  /** Bytes from the start of the file of numbers. */
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
  readonly #numbers: FileHandle;
  readonly #index: FileHandle;
  readonly #entries: Map<string, StoredOutput>;
  readonly #hiddenSize: number;
  #end: number;

  private constructor(
    handles: { readonly numbers: FileHandle; readonly index: FileHandle },
    entries: Map<string, StoredOutput>,
    hiddenSize: number,
  ) {
    this.#numbers = handles.numbers;
    this.#index = handles.index;
    this.#entries = entries;
    this.#hiddenSize = hiddenSize;
    this.#end = Math.max(
      0,
      ...[...entries.values()].map(({ at, positions }) => at + this.sizeOf(positions)),
    );
  }

  /** Makes the folder where it is not there. @throws the system's own errors */
  static async open(directory: string, hiddenSize: number): Promise<OutputStore> {
    await mkdir(directory, { recursive: true });
    const numbers = await open(join(directory, NUMBERS), 'a+');
    await numbers.close();
    const handles = {
      numbers: await open(join(directory, NUMBERS), 'r+'),
      index: await open(join(directory, INDEX), 'a+'),
    };
    const { entries, bytes } = readIndex(await readFile(join(directory, INDEX)));
    // A line that was being written when the process was killed would spoil the next one.
    await handles.index.truncate(bytes);
    const { size } = await handles.numbers.stat();
    const row = BYTES * hiddenSize;
    const whole = [...entries].filter(([, one]) => one.at + one.positions * row <= size);
    return new OutputStore(handles, new Map(whole), hiddenSize);
  }

  /** Bytes of the numbers so far. */
  get bytes(): number {
    return this.#end;
  }

  sizeOf(positions: number): number {
    return positions * this.#hiddenSize * BYTES;
  }

  get(key: string): StoredOutput | null {
    return this.#entries.get(key) ?? null;
  }

  /** @param hiddenStates [positions, D] */
  async add(output: Omit<StoredOutput, 'at'>, hiddenStates: Float32Array): Promise<void> {
    const entry = { ...output, at: this.#end };
    const numbers = Float16Array.from(hiddenStates);
    await this.#numbers.write(new Uint8Array(numbers.buffer), 0, numbers.byteLength, this.#end);
    await this.#index.write(`${JSON.stringify(entry)}\n`);
    this.#end += numbers.byteLength;
    this.#entries.set(entry.key, entry);
  }

  /** The first `positions` of an example, [positions, D]. */
  async read({ at }: StoredOutput, positions: number): Promise<Float16Array> {
    const numbers = new Float16Array(positions * this.#hiddenSize);
    await this.#numbers.read(new Uint8Array(numbers.buffer), 0, numbers.byteLength, at);
    return numbers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#numbers.close();
    await this.#index.close();
  }
}

/** Entries up to the first line that is not whole; a later one of a key takes the place of the first. */
function readIndex(content: Buffer) {
  const entries = new Map<string, StoredOutput>();
  let bytes = 0;
  while (true) {
    const end = content.indexOf('\n', bytes);
    if (end < 0) return { entries, bytes };
    const parsed = entrySchema.safeParse(parseJson(content.toString('utf8', bytes, end)));
    if (!parsed.success) return { entries, bytes };
    entries.set(parsed.data.key, parsed.data);
    bytes = end + 1;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
