import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { MediaEvent } from '../contract/engine-contract.ts';
import { DataFolder } from './data-folder.ts';
import { MediaPreparer } from './media-preparer.ts';

test('a recording that comes while the idle engine is closing gets its playback copy', async () => {
  const path = mkdtempSync(join(tmpdir(), 'veer-media-'));
  const waiting = [{ itemId: 'first', path: 'first.wav' }];
  const ready: string[] = [];
  const closing: (() => void)[] = [];
  const store = {
    waitingMedia: () => waiting,
    setMedia: (itemId: string) => {
      waiting.shift();
      ready.push(itemId);
    },
  };
  const engine = {
    async *prepareMedia(): AsyncGenerator<MediaEvent> {
      yield { type: 'done', duration: 1 };
    },
    close: () => new Promise<void>((resolve) => closing.push(resolve)),
  };
  const fault = vi.fn();
  const preparer = new MediaPreparer(store, engine, new DataFolder(path), fault);
  preparer.wake();
  await vi.waitFor(() => expect(closing).toHaveLength(1));
  waiting.push({ itemId: 'second', path: 'second.wav' });
  preparer.wake();
  closing[0]?.();
  await vi.waitFor(() => expect(ready).toEqual(['first', 'second']));
  await vi.waitFor(() => expect(closing).toHaveLength(2));
  closing[1]?.();
  const closed = preparer.close();
  await vi.waitFor(() => expect(closing).toHaveLength(3));
  closing[2]?.();
  await closed;
  expect(fault).not.toHaveBeenCalled();
  rmSync(path, { recursive: true });
});
