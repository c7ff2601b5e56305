/**
 * Writes whisper.cpp's file of a model folder that has its weights in `model.safetensors`:
 * `node e2e/bench/whisper-cpp/write-whisper-cpp.ts FOLDER FILE f16|q8_0`, or the benchmark by itself.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ggmlFile, type WhisperConfig, whisperConfigSchema } from './ggml-file.ts';
import { readSafetensors } from './safetensors.ts';
import type { FileType } from './tensor-types.ts';

export async function readWhisperConfig(directory: string): Promise<WhisperConfig> {
  const text = await readFile(join(directory, 'config.json'), 'utf8');
  return whisperConfigSchema.parse(JSON.parse(text));
}

/** @throws Error for a shape that the format cannot express */
export async function writeWhisperCpp(
  directory: string,
  path: string,
  type: FileType,
): Promise<void> {
  const config = await readWhisperConfig(directory);
  const tensors = await readSafetensors(join(directory, 'model.safetensors'));
  await writeFile(path, ggmlFile(config, tensors, type));
}

if (import.meta.main) {
  const [directory = '', path = '', type] = process.argv.slice(2);
  if (type !== 'f16' && type !== 'q8_0') throw new Error('Give FOLDER FILE f16|q8_0.');
  await writeWhisperCpp(directory, path, type);
}
