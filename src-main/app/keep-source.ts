/** Keeps the source of a new item: a file that was granted, a text, or a file of the program's own. */

import { join } from 'node:path';
import { VeerError } from '../contract/errors.ts';
import type { ItemSource } from '../contract/jobs.ts';
import type { Task } from '../contract/result.ts';
import type { NewItem } from '../jobs/job-store.ts';
import type { DataFolder } from './data-folder.ts';
import type { Grants } from './grants.ts';

export interface SourcePlaces {
  readonly folder: DataFolder;
  readonly grants: Grants;
  readonly samplesDirectory: string;
}

/** @throws VeerError GRANT_UNKNOWN, OPTION_INVALID, DISK_FULL, OUTPUT_NOT_WRITABLE */
export async function keepSource(
  source: ItemSource,
  item: { readonly id: string; readonly keep: boolean },
  task: Task,
  { folder, grants, samplesDirectory }: SourcePlaces,
): Promise<NewItem> {
  const kind = task === 'transcribe' ? 'audio' : 'text';
  if (source.type === 'text') {
    if (kind === 'audio') {
      throw new VeerError('OPTION_INVALID', 'A text cannot be transcribed. Choose translation.');
    }
    const sourcePath = await folder.writeText(item.id, source.text);
    return { ...item, kind, name: source.name, sourcePath, ownsSource: true };
  }
  const file =
    source.type === 'grant'
      ? grants.take(source.grantId)
      : { path: join(samplesDirectory, source.name), name: source.name, ownsFile: false };
  const { path, owned } = await folder.adopt(item.id, file, kind);
  return { ...item, kind, name: file.name, sourcePath: path, ownsSource: owned };
}
