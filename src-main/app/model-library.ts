/**
 * The models that are there: those that come with the program, and those that a person has imported
 * into the data folder. Only the latter come and go.
 */

import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VeerError } from '../contract/errors.ts';
import { eventsOf } from '../contract/events-of.ts';
import type { ImportEvent, ModelList } from '../contract/model-list.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { listModels } from '../model-store/list-models.ts';
import { naming } from './data-folder.ts';
import type { Grants } from './grants.ts';
import { listedModels } from './listed-models.ts';
import {
  type ImportParts,
  type ImportRequest,
  importModel,
  importPaths,
  isLeftByImport,
  type PathsRequest,
} from './model-import.ts';

const CARD_FILE = 'README.md';
/** Begin of the names of folders that are being deleted. */
const REMOVED = '.removed-';

export interface ModelLibraryParts {
  /** Directories of the models that come with the program. */
  readonly bundled: readonly string[];
  /** Directory of the imported ones; made with the first. */
  readonly imported: string;
  readonly grants: Grants;
  /** Of Veer. */
  readonly version: string;
  /** One for each import. */
  readonly startEngine: () => EngineClient;
  /** A job that needs the model waits or runs. */
  readonly isInUse: (id: string) => boolean;
}

export class ModelLibrary {
  /** Where models are looked for, the first of a name counts. */
  readonly directories: readonly string[];
  readonly #parts: ModelLibraryParts;
  readonly #closing = new AbortController();
  /** Imports at work; names in lower case. */
  readonly #importing = new Set<{ readonly name: string; readonly ended: Promise<void> }>();

  constructor(parts: ModelLibraryParts) {
    this.#parts = parts;
    this.directories = [...parts.bundled, parts.imported];
  }

  list(): Promise<ModelList> {
    return listedModels(this.directories, this.#parts.imported);
  }

  /** README.md of a model, null where it has none. @throws VeerError MODEL_NOT_FOUND */
  async card(id: string): Promise<string | null> {
    const model = (await listModels(this.directories)).find((entry) => entry.id === id);
    if (model === undefined) {
      throw new VeerError('MODEL_NOT_FOUND', `There is no model “${id}”.`);
    }
    return readFile(join(model.directory, CARD_FILE), 'utf8').catch(() => null);
  }

  /**
   * Ends without the model where the signal is aborted, the reader leaves, or the program is closed.
   *
   * @throws VeerError as `importModel`
   */
  import(request: ImportRequest, signal: AbortSignal): AsyncGenerator<ImportEvent, void> {
    const { grants } = this.#parts;
    return this.#events(request.name, signal, (parts) =>
      importModel(request, { ...parts, grants }),
    );
  }

  /** The same for files and folders of the command line. @throws VeerError as `importPaths` */
  importPaths(request: PathsRequest, signal: AbortSignal): AsyncGenerator<ImportEvent, void> {
    return this.#events(request.name, signal, (parts) => importPaths(request, parts));
  }

  async *#events(
    name: string,
    signal: AbortSignal,
    bringIn: (parts: ImportParts) => Promise<void>,
  ): AsyncGenerator<ImportEvent, void> {
    const left = new AbortController();
    const cancel = AbortSignal.any([signal, left.signal, this.#closing.signal]);
    let working = Promise.resolve();
    try {
      yield* eventsOf<ImportEvent>((emit) => {
        working = this.#import(name, bringIn, emit, cancel);
        return working;
      });
    } finally {
      left.abort();
      await working.catch(() => undefined);
    }
  }

  /**
   * Deletes an imported model, a broken one too.
   *
   * @throws VeerError MODEL_NOT_FOUND; JOB_STATE while a job needs it; OUTPUT_NOT_WRITABLE
   */
  async remove(id: string): Promise<ModelList> {
    const { imported, bundled, isInUse } = this.#parts;
    const names = await namesIn(imported);
    if (id.startsWith('.') || !names.includes(id)) {
      const stays = (await listModels(bundled)).some((model) => model.id === id);
      throw new VeerError(
        'MODEL_NOT_FOUND',
        stays
          ? `“${id}” came with Veer and stays. Only imported models can be removed.`
          : `There is no imported model “${id}”.`,
      );
    }
    if (isInUse(id)) {
      throw new VeerError(
        'JOB_STATE',
        `A job in the queue needs “${id}”. Wait until it has ended, or cancel it.`,
      );
    }
    // Whole or not at all: a folder that is half deleted would be listed as broken.
    const removed = join(imported, `${REMOVED}${randomUUID()}`);
    await naming(imported, () => rename(join(imported, id), removed));
    await rm(removed, { recursive: true, force: true }).catch(() => undefined);
    return this.list();
  }

  /** Deletes what was left when the program ended in the middle. */
  async clear(): Promise<void> {
    const { imported } = this.#parts;
    for (const name of await namesIn(imported)) {
      if (!isLeftByImport(name) && !name.startsWith(REMOVED)) continue;
      await rm(join(imported, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** Stops imports; nothing of them is left when this returns. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#importing].map(({ ended }) => ended));
  }

  async #import(
    name: string,
    bringIn: (parts: ImportParts) => Promise<void>,
    emit: (event: ImportEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { imported: directory, startEngine, version } = this.#parts;
    const earlier = [...this.#importing];
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const mine = { name: name.toLowerCase(), ended };
    this.#importing.add(mine);
    const requireFree = async (name: string) => {
      if (earlier.some((one) => one.name === mine.name && this.#importing.has(one))) {
        throw taken(name);
      }
      const names = [
        ...(await listModels(this.directories)).map(({ id }) => id),
        ...(await namesIn(directory)),
      ];
      // Names are folders, and on many disks these differ by more than case only.
      const other = names.find((one) => one.toLowerCase() === mine.name);
      if (other !== undefined) throw taken(other);
    };
    try {
      await bringIn({ directory, version, startEngine, requireFree, emit, signal });
    } finally {
      this.#importing.delete(mine);
      end();
    }
  }
}

/** None where the folder is not there. */
function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}

function taken(name: string): VeerError {
  return new VeerError(
    'MODEL_EXISTS',
    `There is a model “${name}” already. Choose another name and import it again.`,
  );
}
