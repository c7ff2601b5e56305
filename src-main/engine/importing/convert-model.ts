/**
 * From what a person has to a model folder: recognised, read, and written with graphs of Veer's own, or kept
 * where it has graphs already. Nothing is written outside the two folders that are given.
 */

import { copyFile, lstat, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { Dtype } from '../../contract/devices.ts';
import { isDiskFull, throwIfCancelled, VeerError } from '../../contract/errors.ts';
import {
  type ConvertEvent,
  type ConvertModelInput,
  IMPORT_RECORD_FILE,
  type ImportRecord,
  MADE_DTYPES,
  type MadeDtype,
  USUAL_DTYPES,
} from '../../contract/model-import.ts';
import {
  CONFIG_FILE,
  familyUnsupported,
  GENERATION_CONFIG_FILE,
  isFamily,
  PREPROCESSOR_CONFIG_FILE,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from '../../contract/model-layout.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { buildGraphs, builtBytes } from '../models/builders/build-graphs.ts';
import { keptGraphs } from './keep-graphs.ts';
import { modelCard } from './model-card.ts';
import { readSource } from './read-source.ts';
import { isArchive, type RecognisedSource, recogniseSource } from './recognise-source.ts';
import { requireRoom } from './require-room.ts';
import { readFields, type SourceModel } from './source-model.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface Conversion {
  readonly input: ConvertModelInput;
  readonly emit: (event: ConvertEvent) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds between two reports. */
const REPORT_INTERVAL = 100;

/**
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED, MODEL_FAMILY_UNSUPPORTED, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED,
 *   MODEL_CONFIG_INVALID, TOKENIZER_MISMATCH, DTYPE_UNAVAILABLE, FILE_NOT_FOUND, DISK_FULL, CANCELLED
 */
export async function convertModel(conversion: Conversion): Promise<void> {
  try {
    const source = await sourceOf(conversion);
    const notes =
      source.format === 'onnx' ? await keep(source, conversion) : await make(source, conversion);
    conversion.emit({ type: 'converted', notes: [...notes] });
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause;
    throw new VeerError(
      'DISK_FULL',
      'The disk became full while the model was made. Make room, or choose fewer dtypes; nothing was kept.',
      { cause },
    );
  }
}

/**
 * The one file or folder that was named, unpacked; several files are brought together by links. Folders made
 * here are called as a person knows what lies in them: errors name them, and "large-v2" in it says something.
 */
async function sourceOf({ input, emit, signal }: Conversion): Promise<RecognisedSource> {
  const { paths, workDirectory } = input;
  const [only] = paths;
  if (only === undefined || paths.length > 1) {
    const together = join(workDirectory, 'together', basename(input.directory));
    await mkdir(together, { recursive: true });
    for (const path of paths) await symlink(path, join(together, basename(path)));
    return recogniseSource(together, false);
  }
  const isFile = (await statOf(only)).isFile();
  if (!isFile || !(await isArchive(only))) return recogniseSource(only, isFile);
  const unpacked = join(workDirectory, 'unpacked', basename(only));
  await mkdir(unpacked, { recursive: true });
  const report = throttled((done, total) => emit({ type: 'converting', dtype: null, done, total }));
  await unpackArchive(only, unpacked, { signal, onProgress: report });
  return recogniseSource(unpacked, false);
}

async function statOf(path: string) {
  return stat(path).catch((cause: unknown) => {
    throw new VeerError('FILE_NOT_FOUND', `There is no ${path}. Check the path.`, { cause });
  });
}

/** What was unpacked moves; what is a person's own is copied. */
async function keep(
  source: RecognisedSource,
  { input, emit, signal }: Conversion,
): Promise<readonly string[]> {
  // What is in an archive its owner may not have seen.
  const isSure = !source.directory.startsWith(input.workDirectory);
  const { dtypes, graphs, files } = keptGraphs(source, input.dtypes, isSure);
  const sizeOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + (source.files.get(name) ?? 0), 0);
  const config = await readFields(join(source.directory, CONFIG_FILE));
  const total = sizeOf(files);
  const sourceBytes = [...source.files.values()].reduce((sum, size) => sum + size, 0);
  const family = String(config['model_type'] ?? '');
  const list = [...dtypes];
  emit({ type: 'recognised', format: 'onnx', family, dtypes: list, sourceBytes, bytes: total });
  await requireRoom(dirname(input.directory), total);
  const report = throttled((done) => emit({ type: 'converting', dtype: null, done, total }));
  let done = 0;
  for (const name of files) {
    throwIfCancelled(signal);
    const target = join(input.directory, ...name.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await moveOrCopy(join(source.directory, name), target, input.workDirectory);
    done += source.files.get(name) ?? 0;
    report(done, total);
  }
  const hashed = graphs.map((name) => join(input.directory, ...name.split('/')));
  await writeRecord(input, 'onnx', hashed, graphs, dtypes, []);
  return [];
}

async function moveOrCopy(from: string, to: string, workDirectory: string): Promise<void> {
  const ours = from.startsWith(workDirectory + sep) && (await lstat(from)).isFile();
  if (ours) await rename(from, to);
  else await copyFile(from, to);
}

async function make(
  source: RecognisedSource,
  { input, emit, signal }: Conversion,
): Promise<readonly string[]> {
  const dtypes = madeDtypes(input.dtypes ?? USUAL_DTYPES);
  const model = await readSource(source);
  try {
    const { config, weights, weightFiles, carried, notes, format } = model;
    const family = String(config['model_type'] ?? '');
    if (!isFamily(family)) throw familyUnsupported(basename(input.directory), family);
    const perDtype = dtypes.map((dtype) => builtBytes(config, weights, dtype));
    const bytes = perDtype.reduce((sum, size) => sum + size, 0);
    const sizes = await Promise.all(weightFiles.map(async (path) => (await stat(path)).size));
    const sourceBytes = sizes.reduce((sum, size) => sum + size, 0);
    emit({ type: 'recognised', format, family, dtypes: [...dtypes], sourceBytes, bytes });
    await requireRoom(dirname(input.directory), bytes);
    await writeConfigs(input.directory, model);
    const directory = join(input.directory, 'onnx');
    await mkdir(directory, { recursive: true });
    let before = 0;
    for (const [i, dtype] of dtypes.entries()) {
      throwIfCancelled(signal);
      const onProgress = throttled((done) =>
        emit({ type: 'converting', dtype, done: before + done, total: bytes }),
      );
      await buildGraphs({ config, weights, directory, dtype, signal, onProgress });
      before += perDtype[i] ?? 0;
    }
    throwIfCancelled(signal);
    for (const path of carried) {
      if (!/^readme/i.test(basename(path)))
        await copyFile(path, join(input.directory, basename(path)));
    }
    const names = weightFiles.map((path) => basename(path));
    const record = await writeRecord(input, format, weightFiles, names, dtypes, notes);
    const card = await modelCard(basename(input.directory), record, carried);
    await writeFile(join(input.directory, 'README.md'), card);
    return notes;
  } finally {
    await model.weights.close();
  }
}

function madeDtypes(asked: readonly Dtype[]): readonly MadeDtype[] {
  const made = MADE_DTYPES.filter((dtype) => asked.includes(dtype));
  const other = asked.find((dtype) => !MADE_DTYPES.some((one) => one === dtype));
  if (other === undefined) return made;
  throw new VeerError(
    'DTYPE_UNAVAILABLE',
    `Veer makes no ${other} graphs. It makes: ${MADE_DTYPES.join(', ')}.`,
  );
}

async function writeConfigs(directory: string, model: SourceModel): Promise<void> {
  await mkdir(directory, { recursive: true });
  const files: readonly (readonly [string, object | null])[] = [
    [CONFIG_FILE, model.config],
    [GENERATION_CONFIG_FILE, model.generation],
    [PREPROCESSOR_CONFIG_FILE, model.preprocessor],
    [TOKENIZER_FILE, model.tokenizer],
    [TOKENIZER_CONFIG_FILE, model.tokenizerConfig],
  ];
  for (const [name, content] of files) {
    if (content !== null) {
      await writeFile(join(directory, name), `${JSON.stringify(content, null, 2)}\n`);
    }
  }
}

async function writeRecord(
  { directory, version }: ConvertModelInput,
  sourceFormat: ImportRecord['sourceFormat'],
  paths: readonly string[],
  names: readonly string[],
  dtypes: readonly Dtype[],
  notes: readonly string[],
): Promise<ImportRecord> {
  const sourceFiles = [];
  for (const [i, path] of paths.entries()) {
    const { size: bytes } = await stat(path);
    sourceFiles.push({ name: names[i] ?? basename(path), bytes, sha256: await sha256OfFile(path) });
  }
  const record: ImportRecord = {
    formatVersion: 1,
    sourceFormat,
    sourceFiles,
    version,
    dtypes: [...dtypes],
    notes: [...notes],
  };
  await writeFile(join(directory, IMPORT_RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** At most one report in a while, and the last one. */
function throttled(
  report: (done: number, total: number) => void,
): (done: number, total: number) => void {
  let reported = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - reported < REPORT_INTERVAL) return;
    reported = now;
    report(done, total);
  };
}
