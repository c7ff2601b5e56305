/** One checkpoint gives the same graphs, byte for byte, whatever format it comes in. */

import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MADE_DTYPES } from '../../contract/model-import.ts';
import { buildGraphs } from '../models/builders/build-graphs.ts';
import { CHECKPOINT_NAMES, CHECKPOINTS } from '../models/builders/test-checkpoints.ts';
import { readSource } from './read-source.ts';
import { recogniseSource } from './recognise-source.ts';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'veer-same-'));
});
afterAll(() => rm(work, { recursive: true }));

/** SHA-256 of every file of graphs, by name. */
async function graphsOf(path: string, isFile = false): Promise<Readonly<Record<string, string>>> {
  const directory = await mkdtemp(join(work, 'graphs-'));
  const { config, weights } = await readSource(await recogniseSource(path, isFile));
  try {
    for (const dtype of MADE_DTYPES) {
      const { signal } = new AbortController();
      await buildGraphs({ config, weights, directory, dtype, signal, onProgress: () => undefined });
    }
  } finally {
    await weights.close();
  }
  const hashes: Record<string, string> = {};
  for (const name of (await readdir(directory)).sort()) {
    const bytes = await readFile(join(directory, name));
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
  }
  return hashes;
}

/** The checkpoint as safetensors alone. */
async function safetensorsFolder(name: string): Promise<string> {
  const folder = join(work, `${name}-safetensors`);
  await mkdir(folder);
  for (const file of await readdir(join(CHECKPOINTS, name))) {
    if (file.endsWith('.json') || file === 'model.safetensors') {
      await cp(join(CHECKPOINTS, name, file), join(folder, file));
    }
  }
  return folder;
}

/** As people have it: with the tokenizer beside it. */
async function ctranslate2Folder(name: string): Promise<string> {
  const folder = join(work, `${name}-ctranslate2`);
  await cp(join(CHECKPOINTS, name, 'ctranslate2'), folder, { recursive: true });
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    await cp(join(CHECKPOINTS, name, file), join(folder, file));
  }
  return folder;
}

describe.each(CHECKPOINT_NAMES)('%s', (name) => {
  test('CTranslate2 gives the graphs of safetensors', async () => {
    const expected = await graphsOf(await safetensorsFolder(name));
    expect(await graphsOf(await ctranslate2Folder(name))).toEqual(expected);
  });
});

test.each(['ggml-f32.bin', 'ggml-f16.bin'])('%s gives the graphs of safetensors', async (file) => {
  const folder = join(work, file);
  await mkdir(folder);
  // Its vocabulary is smaller than Whisper's, so the file alone does not say what its last tokens are.
  for (const each of [file, 'tokenizer.json', 'tokenizer_config.json']) {
    await cp(join(CHECKPOINTS, 'whisper', each), join(folder, each));
  }
  const expected = await graphsOf(join(work, 'whisper-safetensors'));
  expect(await graphsOf(join(folder, file), true)).toEqual(expected);
});
