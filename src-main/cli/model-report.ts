/** `veer models show`: one model, all that is known of it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  IMPORT_RECORD_FILE,
  type ImportRecord,
  importRecordSchema,
} from '../contract/model-import.ts';
import { findModel } from '../model-store/find-model.ts';
import { modelLines } from './model-lines.ts';

/** @throws VeerError MODEL_NOT_FOUND, and the problem of a broken folder */
export async function modelReport(
  modelDirectories: readonly string[],
  name: string,
): Promise<string> {
  const model = await findModel(modelDirectories, name, null);
  const card = await readFile(join(model.directory, 'README.md'), 'utf8').catch(() => null);
  const lines = [model.id, ...modelLines(model, true), ...(await recordLines(model.directory))];
  return `${lines.join('\n')}\n${card === null ? '' : `\n${card.trim()}\n`}`;
}

async function recordLines(directory: string): Promise<readonly string[]> {
  const record = await readRecord(directory);
  if (record === null) return [];
  return [
    `  imported by Veer ${record.version} from ${record.sourceFormat}`,
    ...record.sourceFiles.map(
      ({ name, bytes, sha256 }) =>
        `    ${name} (${(bytes / 1e6).toFixed(1)} MB, SHA-256 ${sha256})`,
    ),
    ...record.notes.map((note) => `    ${note}`),
  ];
}

/** Null for a folder that was not imported, or by a later version in another way. */
async function readRecord(directory: string): Promise<ImportRecord | null> {
  try {
    const text = await readFile(join(directory, IMPORT_RECORD_FILE), 'utf8');
    return importRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
