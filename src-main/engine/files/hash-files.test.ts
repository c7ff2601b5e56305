import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashHere, hashInWorker } from './hash-files.ts';

const HASH_WORKER = new URL('../hash-worker.ts', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-hash-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

test('the worker gives the hashes, and ends', async () => {
  const groups = [[await written('c', Buffer.from('encoder'))]];
  const worker = new Worker(HASH_WORKER, { workerData: groups, execArgv: [] });
  const ended = once(worker, 'exit');
  expect(await once(worker, 'message')).toEqual([await hashHere(groups)]);
  expect(await ended).toEqual([0]);
});

describe.each([
  ['here', hashHere],
  ['in a worker', hashInWorker(HASH_WORKER)],
  [
    'here, where there is no worker',
    hashInWorker(pathToFileURL(join(tmpdir(), 'no-hash-worker.mjs'))),
  ],
])('%s', (_, hashFiles) => {
  test('every group has the hash of its bytes, one file after the other', async () => {
    const [a, b] = [Buffer.alloc(700_001, 'graph'), Buffer.from('weights')];
    const [first, second] = [await written('a', a), await written('b', b)];
    const empty = await written('empty', new Uint8Array(0));
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(await hashFiles([[first, second], [second], [empty], []])).toEqual(
      [Buffer.concat([a, b]), b, Buffer.alloc(0), Buffer.alloc(0)].map(sha256),
    );
  });

  test('a file that cannot be read is named', async () => {
    const missing = join(folder, 'missing.onnx');
    await expect(hashFiles([[missing]])).rejects.toMatchObject({ code: 'ENOENT', path: missing });
  });
});
