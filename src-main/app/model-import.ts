/**
 * Brings a model in. Its files come together in a temporary folder beside the imported models, are made a
 * model where they are none yet, are checked there, and are renamed into place; what fails or is cancelled
 * leaves nothing.
 */

import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Dtype } from '../contract/devices.ts';
import { throwIfCancelled, VeerError } from '../contract/errors.ts';
import type { ImportEvent, ImportedFile } from '../contract/model-list.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { type ModelEntry, readModel } from '../model-store/list-models.ts';
import { naming } from './data-folder.ts';
import type { Grants } from './grants.ts';
import { listedModel } from './listed-models.ts';
import { gatherModel, holdsGraphs, type ModelFile } from './model-files.ts';
import { tryModel } from './model-trial.ts';

/** Begin of the names of temporary folders; the id of the process follows. */
const IMPORTING = '.importing-';

/** Whether a folder among the models was left by an import that is at work no more. */
export function isLeftByImport(name: string): boolean {
  if (!name.startsWith(IMPORTING)) return false;
  const id = Number(/^\.importing-(\d+)-/.exec(name)?.[1]);
  if (!Number.isSafeInteger(id) || id === process.pid) return true;
  try {
    // Signal 0 is sent to nobody.
    process.kill(id, 0);
    return false;
  } catch {
    return true;
  }
}

export interface ImportRequest {
  /** The model's name from then on. */
  readonly name: string;
  readonly files: readonly ImportedFile[];
  /** Of graphs that are to be made; left out or null: the usual ones. */
  readonly dtypes?: readonly Dtype[] | null | undefined;
}

/** As `ImportRequest`. */
export interface PathsRequest {
  readonly name: string;
  /** Files and folders that are one model together. */
  readonly paths: readonly string[];
  readonly dtypes: readonly Dtype[] | null;
}

export interface ImportParts {
  /** Where imported models lie. */
  readonly directory: string;
  /** Of Veer, for the record. */
  readonly version: string;
  readonly startEngine: () => EngineClient;
  /** @throws VeerError MODEL_EXISTS */
  readonly requireFree: (name: string) => Promise<void>;
  readonly emit: (event: ImportEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Files that a shell has granted. The grants are used up, whatever comes of it.
 *
 * @throws VeerError GRANT_UNKNOWN, MODEL_EXISTS, FILE_UNREADABLE, DISK_FULL, OUTPUT_NOT_WRITABLE,
 *   CANCELLED, and what is wrong with the model: MODEL_…, TOKENIZER_MISMATCH, DTYPE_UNAVAILABLE, PROXY_…,
 *   ENGINE_CRASHED
 */
export async function importModel(
  request: ImportRequest,
  parts: ImportParts & { readonly grants: Grants },
): Promise<void> {
  const { name, dtypes = null } = request;
  const { grants, emit, signal } = parts;
  const files: ModelFile[] = [];
  try {
    for (const { path, grantId } of request.files) {
      files.push({ path, file: grants.take(grantId) });
    }
    requireOnce(files);
    await parts.requireFree(name);
    await inTemporaryFolder(name, parts, async (temporary, folder) => {
      const onProgress = (done: number, total: number) => emit({ type: 'copying', done, total });
      if (holdsGraphs(files)) return gatherModel(files, folder, { signal, onProgress });
      const given = join(temporary, 'given', name);
      await gatherModel(files, given, { signal, onProgress, links: true });
      const [only, ...others] = files;
      const single = only !== undefined && others.length === 0 && !only.path.includes('/');
      const paths = [single ? join(given, only.path) : given];
      await convert(paths, dtypes, { temporary, folder }, parts);
    });
  } finally {
    for (const { file } of files) {
      if (file.ownsFile) await rm(file.path, { force: true }).catch(() => undefined);
    }
  }
}

/**
 * Files and folders that a person names on the command line; one model together. They are only read.
 *
 * @throws VeerError as `importModel`
 */
export async function importPaths(
  { name, paths, dtypes }: PathsRequest,
  parts: ImportParts,
): Promise<void> {
  await parts.requireFree(name);
  await inTemporaryFolder(name, parts, (temporary, folder) =>
    convert(paths, dtypes, { temporary, folder }, parts),
  );
}

/** @param fill puts the model into `folder`, which lies within `temporary` */
async function inTemporaryFolder(
  name: string,
  parts: ImportParts,
  fill: (temporary: string, folder: string) => Promise<void>,
): Promise<void> {
  const { directory, emit, signal } = parts;
  const temporary = join(directory, `${IMPORTING}${process.pid}-${randomUUID()}`);
  // The folder has the model's name already, since errors quote it.
  const folder = join(temporary, name);
  try {
    await fill(temporary, folder);
    const model = await readModel(folder);
    requireWholeProxies(model);
    await tryFiles(model, temporary, parts);
    throwIfCancelled(signal);
    // Another program may have brought one in meanwhile.
    await parts.requireFree(name);
    await naming(directory, () => rename(folder, join(directory, name)));
    emit({ type: 'done', model: listedModel(model, 'imported') });
  } catch (error) {
    throw withoutFolder(error, temporary + sep);
  } finally {
    // What cannot be removed now is removed at the next start.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** In an engine process of its own: what is read is not trusted, and may be large. */
async function convert(
  paths: readonly string[],
  dtypes: readonly Dtype[] | null,
  { temporary, folder }: { readonly temporary: string; readonly folder: string },
  { directory, version, startEngine, emit, signal }: ImportParts,
): Promise<void> {
  const workDirectory = join(temporary, 'work');
  await naming(directory, () => mkdir(workDirectory, { recursive: true, mode: 0o700 }));
  const engine = startEngine();
  try {
    const input = {
      paths: [...paths],
      workDirectory,
      directory: folder,
      dtypes: dtypes === null ? null : [...dtypes],
      version,
    };
    for await (const event of engine.convertModel(input, signal)) {
      if (event.type !== 'converted') emit(event);
    }
  } finally {
    await engine.close();
  }
}

async function tryFiles(
  model: ModelEntry,
  temporary: string,
  { startEngine, emit, signal }: ImportParts,
): Promise<void> {
  const engine = startEngine();
  try {
    await tryModel(model, {
      recording: join(temporary, 'noise.wav'),
      engine,
      signal,
      onDtype: (dtype) => emit({ type: 'checking', dtype }),
    });
  } finally {
    await engine.close();
  }
}

/** @throws VeerError OPTION_INVALID */
function requireOnce(files: readonly ModelFile[]): void {
  const paths = files.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice === undefined) return;
  throw new VeerError('OPTION_INVALID', `${twice} was handed over twice. Choose the folder again.`);
}

/** @throws VeerError PROXY_INVALID: in the list such a proxy is only named, but this one is new */
function requireWholeProxies({ brokenProxies: [broken] }: ModelEntry): void {
  if (broken !== undefined) throw new VeerError('PROXY_INVALID', broken.problem);
}

/** Errors name files; a person knows the folder that was chosen, not the temporary one. */
function withoutFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof VeerError)) return error;
  return new VeerError(error.code, error.message.replaceAll(folder, ''), { cause: error });
}
