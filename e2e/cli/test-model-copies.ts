/** Copies of the bundled models to break. The big files are links; what is changed is a copy. */

import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export class ModelCopy {
  readonly path: string;

  constructor(source: string, path: string) {
    this.path = path;
    for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const from = join(entry.parentPath, entry.name);
      const to = join(path, from.slice(source.length));
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(from, to);
    }
  }

  remove(...files: readonly string[]): void {
    for (const file of files) rmSync(join(this.path, file), { recursive: true });
  }

  /** Writes other bytes in the place of the link; the file it points to stays as it is. */
  change(file: string, edit: (bytes: Buffer) => Uint8Array | string): void {
    const path = join(this.path, file);
    const bytes = readFileSync(path);
    rmSync(path);
    writeFileSync(path, edit(bytes));
  }

  changeJson(file: string, edit: (value: Record<string, unknown>) => void): void {
    this.change(file, (bytes) => {
      const value: Record<string, unknown> = JSON.parse(bytes.toString('utf8'));
      edit(value);
      return JSON.stringify(value);
    });
  }

  /** Puts a file of another model in the place of one. */
  replace(file: string, other: string): void {
    rmSync(join(this.path, file), { force: true });
    cpSync(other, join(this.path, file));
  }
}

/** The first half, as a copy that broke off leaves it. */
export function cutShort(bytes: Buffer): Uint8Array {
  return bytes.subarray(0, bytes.length / 2);
}

/** A weight is another one: the graph still loads. */
export function flipOneBit(bytes: Buffer): Uint8Array {
  const changed = Buffer.from(bytes);
  const at = Math.floor(changed.length / 2);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
