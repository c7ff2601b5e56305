/**
 * What a person hands over, recognised by what the files hold, and then by their names: a Hub folder with
 * graphs, a checkpoint of Hugging Face, a CTranslate2 folder, a ggml file, an Argos package, a Marian model.
 */

import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import type { SourceFormat } from '../../contract/model-import.ts';
import { availableDtypes, CONFIG_FILE } from '../../contract/model-layout.ts';
import { folderFiles } from '../../model-folder/folder-files.ts';
import { locateFolder } from '../../model-folder/locate-folder.ts';

/** A folder and the weights in it that are to be read. */
export interface RecognisedSource {
  readonly format: SourceFormat;
  readonly directory: string;
  /** Bytes of every file in it, by path with `/`. */
  readonly files: ReadonlyMap<string, number>;
  /** Path within the folder; null for a folder with graphs. */
  readonly weights: string | null;
}

const WHAT_CAN_BE =
  'What can be imported: a folder of the Hugging Face Hub with ONNX graphs or safetensors, a CTranslate2 folder (faster-whisper), a ggml file of Whisper, an Argos package, a Marian .npz or Firefox .bin with its vocabularies.';

/** Format of a file of weights by its first bytes; null for any other file. */
type WeightsKind = Exclude<SourceFormat, 'onnx' | 'argos'> | 'zip' | Foreign;
/** Of no use here, but known. A pointer is what Git LFS leaves in place of a file that it has not fetched. */
type Foreign = 'gguf' | 'pickle' | 'pointer';

/** A folder, or the folder in which a file of weights lies. @throws VeerError as `recogniseFolder` */
export async function recogniseSource(path: string, isFile: boolean): Promise<RecognisedSource> {
  if (!isFile) return recogniseFolder(path);
  const name = basename(path);
  const kind = await weightsKind(path);
  if (kind === null) throw unsupported(name, 'is no file of weights that is known here');
  refuseForeign(kind, name);
  const directory = dirname(path);
  const files = await folderFiles({ directory, within: null });
  return chosen(directory, files, kind, name);
}

/**
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED; MODEL_FORMAT_UNSUPPORTED for what
 *   cannot be imported, and for several models in one folder
 */
async function recogniseFolder(path: string): Promise<RecognisedSource> {
  const place = await locateFolder(path);
  const files = await folderFiles(place);
  const { directory } = place;
  const names = new Set(files.keys());
  if (names.has(CONFIG_FILE) && availableDtypes(names).length > 0) {
    return { format: 'onnx', directory, files, weights: null };
  }
  if (names.has('metadata.json') && names.has('model/model.bin')) {
    return { format: 'argos', directory, files, weights: 'model/model.bin' };
  }
  const found: { readonly name: string; readonly kind: WeightsKind }[] = [];
  for (const name of [...names].sort()) {
    // Shards are named by their index.
    if (name.includes('/') || /-\d{5}-of-\d{5}\./.test(name)) continue;
    const kind = await weightsKind(join(directory, name));
    if (kind !== null && kind !== 'zip') found.push({ name, kind });
  }
  const [first, ...others] = found.filter(({ kind }) => !isForeign(kind));
  if (first !== undefined) {
    if (others.length > 0) throw several(directory, [first, ...others]);
    return chosen(directory, files, first.kind, first.name);
  }
  const [foreign] = found;
  if (foreign !== undefined) refuseForeign(foreign.kind, foreign.name);
  const inner = onlyFolder(names);
  if (inner !== null) return recogniseFolder(join(directory, inner));
  throw unsupported(basename(path), 'holds no model that is known here');
}

function chosen(
  directory: string,
  files: ReadonlyMap<string, number>,
  kind: WeightsKind,
  name: string,
): RecognisedSource {
  if (kind === 'zip' || isForeign(kind)) {
    throw unsupported(name, 'is no file of weights that is known here');
  }
  if (kind === 'safetensors' && !files.has(CONFIG_FILE)) {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      `There is no ${CONFIG_FILE} beside ${name}. Import the whole folder of the model, with its config and tokenizer.`,
    );
  }
  return { format: kind, directory, files, weights: name };
}

/** Of an archive that holds one folder, beside what macOS adds. */
function onlyFolder(names: ReadonlySet<string>): string | null {
  const tops = new Set(
    [...names].filter((name) => !/^(__MACOSX\/|\.)/.test(name)).map((name) => name.split('/')[0]),
  );
  const [top] = tops;
  return tops.size === 1 && top !== undefined && !names.has(top) ? top : null;
}

function isForeign(kind: WeightsKind): kind is Foreign {
  return kind === 'gguf' || kind === 'pickle' || kind === 'pointer';
}

function refuseForeign(kind: WeightsKind, name: string): void {
  if (kind === 'pickle') {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${name} is a Python pickle, which can run code, so Veer does not open it. Save the model as safetensors (save_pretrained of the Python library does), and import that folder.`,
    );
  }
  if (kind === 'pointer') {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      `${name} only points to the weights, which Git LFS has not fetched. Run "git lfs pull" in the folder, or download the file.`,
    );
  }
  if (kind === 'gguf') {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${name} is a GGUF file, which Veer does not read. Import the same model as safetensors, or Whisper as the .bin of whisper.cpp.`,
    );
  }
}

/** Bytes; the name of the first entry of an archive is among them. */
const HEAD = 512;
/** "ggml" as a number, little-endian. */
const GGML = 0x67676d6c;

/** By the first bytes; the name decides only where they say nothing. */
async function weightsKind(path: string): Promise<WeightsKind | null> {
  const name = basename(path);
  if (name.endsWith('.safetensors.index.json')) return 'safetensors';
  if (name === 'pytorch_model.bin.index.json') return 'pickle';
  const head = await firstBytes(path);
  if (head.length < 8) return null;
  const first = head.readUInt32LE(0);
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) {
    // A .npz is an archive of .npy files; torch's files are archives of a pickle.
    const length = head.length < 30 ? 0 : head.readUInt16LE(26);
    const entry = head.subarray(30, 30 + length).toString('latin1');
    if (entry.endsWith('.npy') || name.endsWith('.npz')) return 'marian';
    return /(^|\/)(data\.pkl|\.format_version)$/.test(entry) || isPickled(name) ? 'pickle' : 'zip';
  }
  if (first === GGML) return 'ggml';
  if (head.toString('latin1').startsWith('version https://git-lfs')) return 'pointer';
  if (head.subarray(0, 4).toString('latin1') === 'GGUF') return 'gguf';
  if (isPickled(name) || (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5)) {
    return 'pickle';
  }
  const length = head.readBigUInt64LE(0);
  if ((head[8] === 0x7b && length < 2n ** 32n) || name.endsWith('.safetensors')) {
    return 'safetensors';
  }
  if (!name.endsWith('.bin')) return null;
  if (first >= 1 && first <= 6 && head.readUInt32LE(4) !== 0) return 'ctranslate2';
  return length === 1n ? 'marian' : null;
}

function isPickled(name: string): boolean {
  return /^pytorch_model.*\.bin$|\.(pt|pth|ckpt|nemo)$/.test(name);
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path, 'r').catch((cause: unknown) => {
    throw new VeerError(
      'FILE_UNREADABLE',
      `${basename(path)} cannot be read. Check that it is there, and its rights.`,
      { cause },
    );
  });
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
  return buffer.subarray(0, bytesRead);
}

/** Whether a file is an archive to be unpacked first. */
export async function isArchive(path: string): Promise<boolean> {
  return (await weightsKind(path)) === 'zip';
}

function several(directory: string, found: readonly { readonly name: string }[]): VeerError {
  return new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `${basename(directory)} holds ${found.length} models. Name the file of the one to import: ${found.map(({ name }) => name).join(', ')}.`,
  );
}

function unsupported(name: string, what: string): VeerError {
  return new VeerError('MODEL_FORMAT_UNSUPPORTED', `${name} ${what}. ${WHAT_CAN_BE}`);
}
