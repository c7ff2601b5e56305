/** The part of the application in memory that knows settings, models and the data folder. */

import { implement, ORPCError } from '@orpc/server';
import { appContract, type Storage } from '../../src-main/contract/app-contract.ts';
import type { ImportEvent, ModelList } from '../../src-main/contract/model-list.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src-main/contract/settings.ts';
import type { AppClient } from '../bridge/app-client.ts';
import { modelOf } from './test-data.ts';

type ModelImport = Parameters<AppClient['models']['import']>[0];

export class TestProgram {
  settings: Settings = DEFAULT_SETTINGS;
  models: ModelList = { models: [], broken: [] };
  /** Models go on being tried until the call is cancelled. */
  holdsImports = false;
  /** Nothing can be stored. */
  full = false;
  /** What was asked for, in order. */
  readonly imported: ModelImport[] = [];
  #cacheBytes = 5000;
  #trainingBytes = 2000;

  routes() {
    const os = implement(appContract);
    return {
      app: {
        storage: os.app.storage.handler(() => this.#storage()),
        clearEncoderCache: os.app.clearEncoderCache.handler(() => {
          this.#requireRoom();
          this.#cacheBytes = 0;
          return this.#storage();
        }),
        clearTrainingCache: os.app.clearTrainingCache.handler(() => {
          this.#requireRoom();
          this.#trainingBytes = 0;
          return this.#storage();
        }),
        diagnostics: os.app.diagnostics.handler(() => ({
          fileName: 'veer-diagnostics.json',
          content: '{}\n',
        })),
      },
      settings: {
        get: os.settings.get.handler(() => this.settings),
        update: os.settings.update.handler(({ input }) => {
          this.#requireRoom();
          // Checked by the schema: what a change names has a value.
          this.settings = { ...this.settings, ...input } as Settings;
          return this.settings;
        }),
      },
      models: {
        list: os.models.list.handler(() => this.models),
        import: os.models.import.handler(({ input, signal }) => this.#import(input, signal)),
      },
    };
  }

  async *#import(
    input: ModelImport,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ImportEvent, void> {
    this.imported.push(input);
    yield { type: 'copying', done: 1, total: 1 };
    if (this.full) throw new ORPCError('MODEL_FILE_DAMAGED', { message: 'It cannot be read.' });
    yield { type: 'checking', dtype: 'fp32' };
    if (this.holdsImports) {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      return;
    }
    const model = modelOf(input.name, { origin: 'imported' });
    this.models = { ...this.models, models: [...this.models.models, model] };
    yield { type: 'done', model };
  }

  #storage(): Storage {
    return [
      { part: 'database', bytes: 1000 },
      { part: 'encoder-cache', bytes: this.#cacheBytes },
      { part: 'proxy-training', bytes: this.#trainingBytes },
    ];
  }

  #requireRoom(): void {
    if (this.full) throw new ORPCError('DISK_FULL', { message: 'Make room.' });
  }
}
