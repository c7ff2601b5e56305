import { expect, test, vi } from 'vitest';
import { VeerError } from '../../../src-main/contract/errors.ts';
import { TestApplication } from '../test-application.ts';
import { detailOf } from '../test-data.ts';
import { ExportState } from './export-state.svelte.ts';

function exporting(copy: (text: string) => Promise<void> = () => Promise.resolve()) {
  const app = new TestApplication();
  const detail = detailOf();
  app.details.set(detail.item.id, detail);
  const saved: string[][] = [];
  const exports = new ExportState(app.client, {
    save: (...file) => saved.push(file),
    copy,
  });
  const { item } = detail;
  const [run = null] = detail.runs;
  if (run === null) throw new Error('There is a run.');
  return { exports, saved, target: { item, run } };
}

test('a text is saved in a format, and it is said under which name', async () => {
  const { exports, saved, target } = exporting();
  expect(await exports.save(target, 'json', 0.05)).toBe(true);
  expect(saved).toEqual([['letter.json', 'json at 0.05', 'application/json;charset=utf-8']]);
  expect(exports.outcome).toMatchObject({ what: 'saved', fileName: 'letter.json' });
});

test('the usual format is the last one, or text where the item cannot have it', async () => {
  const { exports, saved, target } = exporting();
  const recording = { ...target, item: { ...target.item, kind: 'audio' as const } };
  await exports.saveAsUsual(target);
  await exports.save(recording, 'srt');
  await exports.saveAsUsual(recording);
  await exports.saveAsUsual(target);
  expect(saved.map(([name]) => name)).toEqual([
    'letter.txt',
    'letter.srt',
    'letter.srt',
    'letter.txt',
  ]);
});

test('the text as it stands goes to the clipboard, or it is said why not', async () => {
  const copy = vi.fn(() => Promise.resolve());
  const { exports, target } = exporting(copy);
  await exports.copy(target);
  expect(copy).toHaveBeenCalledWith('txt at null');
  copy.mockRejectedValue(new VeerError('OUTPUT_NOT_WRITABLE', 'Not allowed.'));
  expect(await exports.copy(target)).toBe(false);
  expect([exports.problem?.code, exports.outcome]).toEqual(['OUTPUT_NOT_WRITABLE', null]);
});

test('an item that is not open is offered with its newest run', async () => {
  const { exports, target } = exporting();
  await exports.offer(target.item.id);
  expect(exports.offered).toEqual(target);
  expect(await exports.offer(crypto.randomUUID())).toBe(false);
  expect(exports.problem?.code).toBe('ITEM_NOT_FOUND');
});
