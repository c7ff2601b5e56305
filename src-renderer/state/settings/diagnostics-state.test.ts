import { expect, test, vi } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { DiagnosticsState } from './diagnostics-state.svelte.ts';

test('what is saved is what was shown', async () => {
  const save = vi.fn();
  const diagnostics = new DiagnosticsState(new TestApplication().client, save);
  await diagnostics.collect();
  expect(diagnostics.file).toEqual({ fileName: 'veer-diagnostics.json', content: '{}\n' });
  expect(save).not.toHaveBeenCalled();
  diagnostics.save();
  expect(save).toHaveBeenCalledWith('veer-diagnostics.json', '{}\n', 'application/json');
  expect(diagnostics).toMatchObject({ file: null, saved: 'veer-diagnostics.json' });
});

test('what was closed is not saved', async () => {
  const save = vi.fn();
  const diagnostics = new DiagnosticsState(new TestApplication().client, save);
  await diagnostics.collect();
  diagnostics.close();
  diagnostics.save();
  expect(save).not.toHaveBeenCalled();
});
