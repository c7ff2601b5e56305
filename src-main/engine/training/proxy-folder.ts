/**
 * Writing a proxy beside its model: first into a hidden folder, from which it is measured as any
 * other proxy is, then by one rename into `proxies/`. So a proxy is there whole or not at all.
 */

import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { causeMessage, isDiskFull, VeerError } from '../../contract/errors.ts';
import {
  PROXIES_DIRECTORY,
  PROXY_GRAPH_FILE,
  PROXY_MANIFEST_FILE,
  type ProxyManifest,
  proxyManifestSchema,
} from '../../contract/model-layout.ts';

export class ProxyFolder {
  /** Where it is while it is being made. */
  readonly path: string;
  readonly #target: string;
  readonly #parent: string;

  private constructor(modelDirectory: string, id: string) {
    this.#parent = join(modelDirectory, PROXIES_DIRECTORY);
    this.#target = join(this.#parent, id);
    this.path = join(modelDirectory, `.${id}.training`);
  }

  /**
   * @throws VeerError PROXY_EXISTS where one of that name is there and must not be replaced,
   *   OUTPUT_NOT_WRITABLE
   */
  static async open(modelDirectory: string, id: string, replace: boolean): Promise<ProxyFolder> {
    const folder = new ProxyFolder(modelDirectory, id);
    await folder.#requireFree(id, replace);
    await writing(folder.path, async () => {
      // What a killed training left behind.
      await rm(folder.path, { recursive: true, force: true });
      await mkdir(folder.path, { recursive: true });
    });
    return folder;
  }

  async writeGraph(graph: Uint8Array): Promise<void> {
    await writing(this.path, () => writeFile(join(this.path, PROXY_GRAPH_FILE), graph));
  }

  async writeManifest(manifest: ProxyManifest): Promise<void> {
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writing(this.path, () => writeFile(join(this.path, PROXY_MANIFEST_FILE), text));
  }

  /** Puts it in its place. @returns the folder */
  async publish(): Promise<string> {
    await writing(this.#target, async () => {
      await mkdir(this.#parent, { recursive: true });
      await rm(this.#target, { recursive: true, force: true });
      await rename(this.path, this.#target);
    });
    return this.#target;
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #requireFree(id: string, replace: boolean): Promise<void> {
    const there = await stat(this.#target).catch(() => null);
    if (there === null) return;
    const trained = await isTrained(join(this.#target, PROXY_MANIFEST_FILE));
    if (replace && trained) return;
    throw new VeerError(
      'PROXY_EXISTS',
      trained
        ? `The model has a proxy "${id}" already. Choose another --id, or give --replace.`
        : `The proxy "${id}" came with the model and is not replaced. Choose another --id.`,
    );
  }
}

async function isTrained(manifest: string): Promise<boolean> {
  try {
    const text = await readFile(manifest, 'utf8');
    return proxyManifestSchema.parse(JSON.parse(text)).training !== undefined;
  } catch {
    return false;
  }
}

/** @throws VeerError DISK_FULL, OUTPUT_NOT_WRITABLE for whatever `act` throws */
async function writing(path: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    if (isDiskFull(cause)) {
      throw new VeerError('DISK_FULL', 'The disk is full. Make room on it and train again.', {
        cause,
      });
    }
    throw new VeerError(
      'OUTPUT_NOT_WRITABLE',
      `The proxy cannot be written to ${path} (${causeMessage(cause)}). Copy the model to a folder of your own and name that with --model.`,
      { cause },
    );
  }
}
