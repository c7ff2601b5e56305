/**
 * Brings a model in. Its files come together in a temporary folder beside the imported models, are
 * checked there, and are renamed into place; what fails or is cancelled leaves nothing.
 */

import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { throwIfCancelled, VeerError } from '../contract/errors.ts';
import type { ImportEvent, ImportedFile } from '../contract/model-list.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { type ModelEntry, readModel } from '../model-store/list-models.ts';
import { naming } from './data-folder.ts';
import type { Grants } from './grants.ts';
import { listedModel } from './listed-models.ts';
import { gatherModel, type ModelFile } from './model-files.ts';
import { tryModel } from './model-trial.ts';

/** Begin of the names of temporary folders. */
export const IMPORTING = '.importing-';

export interface ImportRequest {
  /** Of the folder; the model's name from then on. */
  readonly name: string;
  readonly files: readonly ImportedFile[];
}

export interface ImportParts {
  /** Where imported models lie. */
  readonly directory: string;
  readonly grants: Grants;
  readonly startEngine: () => EngineClient;
  /** @throws VeerError MODEL_EXISTS */
  readonly requireFree: (name: string) => Promise<void>;
  readonly emit: (event: ImportEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * The grants are used up, whatever comes of it.
 *
 * @throws VeerError GRANT_UNKNOWN, MODEL_EXISTS, FILE_UNREADABLE, DISK_FULL, OUTPUT_NOT_WRITABLE,
 *   CANCELLED, and what is wrong with the model: MODEL_…, TOKENIZER_MISMATCH, PROXY_…,
 *   ENGINE_CRASHED
 */
export async function importModel(request: ImportRequest, parts: ImportParts): Promise<void> {
  const { name } = request;
  const { directory, grants, emit, signal } = parts;
  const temporary = join(directory, `${IMPORTING}${randomUUID()}`);
  const files: ModelFile[] = [];
  try {
    for (const { path, grantId } of request.files) {
      files.push({ path, file: grants.take(grantId) });
    }
    requireOnce(files);
    await parts.requireFree(name);
    // The folder has the model's name already, since errors quote it.
    const folder = join(temporary, name);
    const onProgress = (done: number, total: number) => emit({ type: 'copying', done, total });
    await gatherModel(files, folder, { signal, onProgress });
    const model = await readModel(folder);
    requireWholeProxies(model);
    await tryFiles(model, temporary, parts);
    throwIfCancelled(signal);
    await naming(directory, () => rename(folder, join(directory, name)));
    emit({ type: 'done', model: listedModel(model, 'imported') });
  } catch (error) {
    throw withoutFolder(error, temporary + sep);
  } finally {
    // What cannot be removed now is removed at the next start.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    for (const { file } of files) {
      if (file.ownsFile) await rm(file.path, { force: true }).catch(() => undefined);
    }
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
