/** What every kind of source is read into: a Hugging Face checkpoint, with what its makers say of it. */

import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import type { SourceFormat } from '../../contract/model-import.ts';
import type { WeightTable } from '../weights/weight-table.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface SourceModel {
  readonly format: SourceFormat;
  /** config.json; `model_type` is one of the families. */
  readonly config: Fields;
  /** generation_config.json */
  readonly generation: Fields;
  /** preprocessor_config.json; null for texts. */
  readonly preprocessor: Fields | null;
  /** tokenizer.json */
  readonly tokenizer: object;
  /** tokenizer_config.json */
  readonly tokenizerConfig: object;
  /** Whoever read the source closes it. */
  readonly weights: WeightTable;
  /** Paths of the files that hold the weights. */
  readonly weightFiles: readonly string[];
  /** Card and licence, to be carried along; paths. */
  readonly carried: readonly string[];
  /** What was derived because no file says it; sentences for people. */
  readonly notes: readonly string[];
}

/** Names of files that say what a model is and what may be done with it. */
const CARRIED = /^(readme(\.(md|txt))?|licen[cs]e([._-].*)?|notice(\.(md|txt))?|use_policy\.md)$/i;

/** @param files names in the folder, with `/` */
export function carriedFiles(directory: string, files: Iterable<string>): readonly string[] {
  return [...files].filter((file) => CARRIED.test(file)).map((file) => join(directory, file));
}

/** Bytes; the largest tokenizer.json there is has 40 million. */
const LARGEST_JSON = 256 * 2 ** 20;

/**
 * The fields of a JSON file.
 *
 * @throws VeerError MODEL_FILE_MISSING; MODEL_CONFIG_INVALID for anything but an object
 */
export async function readFields(path: string): Promise<Fields> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_JSON) throw invalid(path, `it has ${size} bytes`);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    throw new VeerError(
      'MODEL_FILE_MISSING',
      `There is no ${basename(path)} beside the weights. Copy the whole folder.`,
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, 'it is not valid JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, 'it is no object');
  }
  return { ...value };
}

function invalid(path: string, detail: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_CONFIG_INVALID',
    `${basename(path)} cannot be used: ${detail}. Copy the file again from where it came from.`,
    { cause },
  );
}
