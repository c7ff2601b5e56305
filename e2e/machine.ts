/** What the numbers were measured on. */

import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly versions: Readonly<Record<string, string>>;
}

const MODULES = resolve(import.meta.dirname, '../node_modules');

/** @param names npm packages whose versions matter, besides Node's */
export async function describeMachine(names: readonly string[]): Promise<Machine> {
  const packages = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(MODULES, name, 'package.json'), 'utf8');
      return [name, z.object({ version: z.string() }).parse(JSON.parse(text)).version] as const;
    }),
  );
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    versions: { node: process.versions.node, ...Object.fromEntries(packages) },
  };
}
