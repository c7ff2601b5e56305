import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMainInvokeEvent } from 'electron';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GrantAnswer } from '../contract/channels.ts';
import { APP_PAGE } from './app-url.ts';
import { answerGrants } from './grants.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-grants-'));
  await writeFile(join(directory, 'talk.wav'), '12345');
});
afterAll(() => rm(directory, { recursive: true }));

const registered: unknown[] = [];

async function ask(path: unknown, url = APP_PAGE): Promise<GrantAnswer> {
  let listener: ((event: IpcMainInvokeEvent, path: unknown) => Promise<GrantAnswer>) | undefined;
  answerGrants(
    { handle: (_channel, handler) => (listener = handler) },
    {
      register: (file) => {
        registered.push(file);
        return 'grant-1';
      },
    },
  );
  if (listener === undefined) throw new Error('nothing listens');
  return listener({ senderFrame: { url, parent: null } } as IpcMainInvokeEvent, path);
}

test('a file that is there becomes a grant, and stays where it is', async () => {
  const path = join(directory, 'talk.wav');
  expect(await ask(path)).toEqual({ grantId: 'grant-1' });
  expect(registered).toEqual([{ path, name: 'talk.wav', size: 5, ownsFile: false }]);
});

test('a page of another origin is refused', async () => {
  const answer = await ask(join(directory, 'talk.wav'), 'https://example.org/');
  expect(answer).toMatchObject({ code: 'ACCESS_DENIED' });
});

test('a folder is refused with a sentence that says what to do', async () => {
  expect(await ask(directory)).toMatchObject({
    code: 'FILE_IS_DIRECTORY',
    message: expect.stringContaining('Drop the files in it'),
  });
});

test.runIf(process.platform !== 'win32')('what is no ordinary file is refused', async () => {
  expect(await ask('/dev/zero')).toMatchObject({ code: 'FILE_UNREADABLE' });
});

test.each([
  [''],
  ['talk.wav'],
  ['../talk.wav'],
  ['/no/such/file'],
  ['/etc/passwd\0.wav'],
  [null],
  [{}],
  [5],
  [undefined],
])('the path %j is refused', async (path) => {
  const before = registered.length;
  expect(await ask(path)).toMatchObject({ code: 'FILE_NOT_FOUND' });
  expect(registered).toHaveLength(before);
});
