import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ItemState } from '../item/item-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { detailOf, unitOf } from '../test-data.ts';
import { EditorState } from './editor-state.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened() {
  const app = new TestApplication();
  const detail = detailOf({ segments: 3 });
  app.details.set(detail.item.id, detail);
  app.segments = ['one', 'two', 'three'].map((text, index) => unitOf(index, { 0: text }));
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  return { app, item, editor: new EditorState(app.client, item) };
}

function texts(item: ItemState): readonly string[] {
  return item.units.map(({ text }) => text);
}

test('what is typed is saved when the typing rests for 800 ms, and not before', async () => {
  const { app, item, editor } = await opened();
  editor.enter(0);
  editor.type(0, 'on');
  await vi.advanceTimersByTimeAsync(700);
  editor.type(0, 'One');
  await vi.advanceTimersByTimeAsync(790);
  expect([app.changed.length, editor.status]).toEqual([0, 'unsaved']);
  await vi.advanceTimersByTimeAsync(20);
  expect(texts(item)).toEqual(['One', 'two', 'three']);
  expect([editor.status, editor.stateOf(0)]).toEqual(['saved', null]);
});

test('leaving the field saves at once', async () => {
  const { item, editor } = await opened();
  editor.enter(1);
  editor.type(1, 'Two');
  editor.leave(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(texts(item)).toEqual(['one', 'Two', 'three']);
});

test('all that was typed in one visit of a field is undone as one', async () => {
  const { item, editor } = await opened();
  editor.enter(0);
  for (const text of ['o', 'On', 'One']) {
    editor.type(0, text);
    await vi.advanceTimersByTimeAsync(900);
  }
  await editor.undo();
  expect(texts(item)).toEqual(['one', 'two', 'three']);
  expect(item.canUndo).toBe(false);
  await editor.redo();
  expect(texts(item)).toEqual(['One', 'two', 'three']);
});

test('two visits of a field are undone one by one', async () => {
  const { item, editor } = await opened();
  for (const text of ['first', 'second']) {
    editor.enter(0);
    editor.type(0, text);
    editor.leave(0);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(await editor.undo()).toBe(0);
  expect(texts(item)[0]).toBe('first');
});

test('undo takes back what was typed and not saved yet', async () => {
  const { item, editor } = await opened();
  editor.enter(0);
  editor.type(0, 'One');
  await editor.undo();
  expect(texts(item)[0]).toBe('one');
  expect(item.canRedo).toBe(true);
});

test('the unit that undoing changed is told', async () => {
  const { editor } = await opened();
  editor.enter(2);
  editor.type(2, 'Three');
  expect(await editor.undo()).toBe(2);
  expect(await editor.redo()).toBe(2);
  expect(await editor.redo()).toBeNull();
});

test('what is given up is not saved', async () => {
  const { app, item, editor } = await opened();
  const [unit = unitOf(0, { 0: '' })] = item.units;
  editor.type(0, 'nonsense');
  expect(editor.textOf(unit)).toBe('nonsense');
  expect(editor.giveUp(0)).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  expect(app.changed).toEqual([]);
  expect([editor.textOf(unit), editor.giveUp(0)]).toEqual(['one', false]);
});

test('what is typed back to the stored text is not saved', async () => {
  const { app, editor } = await opened();
  editor.type(0, 'ones');
  editor.type(0, 'one');
  await vi.advanceTimersByTimeAsync(2000);
  expect([app.changed.length, editor.status]).toEqual([0, 'untouched']);
});

test('what is typed while the text before is on its way is saved too', async () => {
  const { app, item, editor } = await opened();
  editor.type(0, 'One');
  const saving = editor.saveAll();
  editor.type(0, 'One!');
  await saving;
  expect(editor.stateOf(0)).toBe('typed');
  await vi.advanceTimersByTimeAsync(900);
  expect(texts(item)[0]).toBe('One!');
  expect(app.changed.flat().map((change) => 'text' in change && change.text)).toEqual([
    'One',
    'One!',
  ]);
});

test('what cannot be stored is kept and stored later', async () => {
  const { app, item, editor } = await opened();
  app.full = true;
  editor.type(0, 'One');
  await vi.advanceTimersByTimeAsync(900);
  expect([editor.status, texts(item)[0], item.problem?.code]).toEqual([
    'failed',
    'one',
    'DISK_FULL',
  ]);
  expect(editor.textOf(unitOf(0, { 0: 'one' }))).toBe('One');
  app.full = false;
  await editor.saveAll();
  expect([editor.status, texts(item)[0]]).toEqual(['saved', 'One']);
});

test('what could not be stored is stored when another item is open, and only there', async () => {
  const { app, item, editor } = await opened();
  const runId = item.run?.id;
  const other = detailOf({ segments: 3 });
  app.details.set(other.item.id, other);
  app.full = true;
  editor.type(0, 'One');
  await editor.saveAll();
  await item.open(other.item.id);
  const [unit = unitOf(0, { 0: '' })] = item.units;
  expect(editor.textOf(unit)).toBe('one');
  app.full = false;
  await editor.saveAll();
  expect(editor.drafts).toEqual([]);
  expect(app.changed).toEqual([[{ type: 'correct', index: 0, alpha: 0, text: 'One' }]]);
  expect([runId === item.run?.id, item.canUndo]).toEqual([false, false]);
});

test('what belongs to an item that is gone is let go', async () => {
  const { app, item, editor } = await opened();
  app.full = true;
  editor.type(0, 'One');
  await editor.saveAll();
  item.close();
  app.full = false;
  app.segments = [];
  await editor.saveAll();
  expect(editor.drafts).toEqual([]);
});

test('the way back to the text of the machine passes every correction, and can be undone', async () => {
  const { item, editor } = await opened();
  for (const text of ['first', 'second']) {
    editor.enter(0);
    editor.type(0, text);
    await editor.saveAll();
  }
  const [unit = unitOf(0, { 0: '' })] = item.units;
  await editor.backToMachine(unit);
  expect(texts(item)[0]).toBe('one');
  await editor.undo();
  expect(texts(item)[0]).toBe('second');
});
