/** The proxies beside a model: names and manifests only, never graphs. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { causeMessage } from '../contract/errors.ts';
import {
  type MeasuredEncoder,
  PROXIES_DIRECTORY,
  PROXY_MANIFEST_FILE,
  type ProxyManifest,
  proxyManifestSchema,
} from '../contract/model-layout.ts';

export interface ProxyEntry {
  readonly directory: string;
  readonly manifest: ProxyManifest;
}

interface BrokenProxy {
  readonly id: string;
  /** For people. */
  readonly problem: string;
}

/** Every folder in `proxies/`, by whether its manifest can be used. */
export interface Proxies {
  readonly proxies: readonly ProxyEntry[];
  readonly brokenProxies: readonly BrokenProxy[];
}

/** @param directory of the model */
export async function readProxies(directory: string): Promise<Proxies> {
  const parent = join(directory, PROXIES_DIRECTORY);
  const proxies: ProxyEntry[] = [];
  const brokenProxies: BrokenProxy[] = [];
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  for (const id of entries
    .filter((entry) => !entry.isFile())
    .map((entry) => entry.name)
    .sort()) {
    const folder = join(parent, id);
    const path = join(folder, PROXY_MANIFEST_FILE);
    try {
      const manifest = proxyManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      proxies.push({ directory: folder, manifest });
    } catch (error) {
      const detail = error instanceof z.ZodError ? firstIssue(error) : causeMessage(error);
      const problem = `${path} cannot be used: ${detail}. Copy the whole folder again.`;
      brokenProxies.push({ id, problem });
    }
  }
  return { proxies, brokenProxies };
}

/** Whether the suggested α is known to help: the whole interval of its gain is above 0. */
export function isProven({ interval: [low] }: MeasuredEncoder): boolean {
  return low > 0;
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
}
