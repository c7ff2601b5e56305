import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { requireRoom } from './require-room.ts';

test('a refusal for want of room names what must stay free, also where the model alone would fit', async () => {
  const { bavail, bsize } = await statfs(tmpdir());
  const nearlyAll = bavail * bsize - 64 * 2 ** 20;
  await expect(requireRoom(tmpdir(), nearlyAll)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('of which 268 MB are left free'),
  });
});
