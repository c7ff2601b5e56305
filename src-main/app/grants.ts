/**
 * Files that a shell lets the screens name. The screens get an id; the path stays here. A grant is
 * used once.
 */

import { randomUUID } from 'node:crypto';
import { VeerError } from '../contract/errors.ts';

export interface GrantedFile {
  readonly path: string;
  /** As the person knows it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The file is ours (an upload) and moves into the data folder; otherwise it is only read. */
  readonly ownsFile: boolean;
}

export class Grants {
  readonly #files = new Map<string, GrantedFile>();

  register(file: GrantedFile): string {
    const id = randomUUID();
    this.#files.set(id, file);
    return id;
  }

  /** @throws VeerError GRANT_UNKNOWN also for one that was used before */
  take(id: string): GrantedFile {
    const file = this.#files.get(id);
    if (file === undefined) {
      throw new VeerError(
        'GRANT_UNKNOWN',
        'This file was not handed to Veer, or was used already. Choose it again.',
      );
    }
    this.#files.delete(id);
    return file;
  }
}
