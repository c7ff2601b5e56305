/** Model folders handed over as a shell does it; not part of the product. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { MODELS_DIRECTORY, TRANSLATORS } from '../../e2e/dev-inputs.ts';
import { type ImportedFile, importedFileSchema } from '../contract/model-list.ts';
import type { App } from './app.ts';
import type { Grants } from './grants.ts';

const GRANTED = 'granted-model.json';

/** Every file of a folder. @param ownsFile as an upload */
export function grantFolder(grants: Grants, folder: string, ownsFile = false): ImportedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size } = statSync(path);
      const grantId = grants.register({ path, name: entry.name, size, ownsFile });
      return { path: relative(folder, path).replaceAll('\\', '/'), grantId };
    });
}

/** Grants the files of the small translator, and leaves their ids where a test finds them. */
export function grantModel(app: App, dataDirectory: string): void {
  const files = grantFolder(app.grants, join(MODELS_DIRECTORY, TRANSLATORS[1]));
  writeFileSync(join(dataDirectory, GRANTED), JSON.stringify(files));
}

/** What `grantModel` left there, whichever process did it. */
export function grantedModel(dataDirectory: string): ImportedFile[] {
  const text = readFileSync(join(dataDirectory, GRANTED), 'utf8');
  return z.array(importedFileSchema).parse(JSON.parse(text));
}
