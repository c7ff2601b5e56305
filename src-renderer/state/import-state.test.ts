import { expect, test, vi } from 'vitest';
import { ImportState } from './import-state.svelte.ts';
import { TestApplication, TestBridge } from './test-application.ts';
import { jobOf } from './test-data.ts';

function importing() {
  const app = new TestApplication();
  app.jobs = [jobOf()];
  const bridge = new TestBridge(app.client);
  return { app, bridge, imports: new ImportState(bridge) };
}

const file = (name: string, type = '') => new File(['x'], name, { type });

test('files are sent one after the other and then queued', async () => {
  const { app, bridge, imports } = importing();
  imports.addFiles([file('speech.flac'), file('letter.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  expect(imports.uploads.map(({ stage }) => stage)).toEqual(['sending', 'waiting']);
  bridge.grants[0]?.finish(crypto.randomUUID());
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(2));
  bridge.grants[1]?.finish(crypto.randomUUID());
  await vi.waitFor(() => expect(imports.uploads).toEqual([]));
  expect(app.added.map(({ settings }) => settings.task)).toEqual(['transcribe', 'translate']);
});

test('a cancelled upload adds nothing and the next file is sent', async () => {
  const { app, bridge, imports } = importing();
  imports.addFiles([file('a.txt'), file('b.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  imports.dismiss(imports.uploads[0]?.id ?? -1);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(2));
  expect(bridge.grants[1]?.file.name).toBe('b.txt');
  expect(app.added).toEqual([]);
});

test('a file that cannot be added stays with its reason', async () => {
  const { app, bridge, imports } = importing();
  app.jobs = [];
  imports.addFiles([file('a.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  bridge.grants[0]?.finish(crypto.randomUUID());
  const failed = { stage: 'failed', problem: { code: 'DISK_FULL', message: 'Make room.' } };
  await vi.waitFor(() => expect(imports.uploads).toMatchObject([failed]));
});

test('a pasted text is named by its first words and goes with the options chosen', async () => {
  const { app, imports } = importing();
  imports.doNotKeep = true;
  imports.alphaText = '0.1';
  expect(await imports.addText('Good morning.\nHow are you?')).toBe(true);
  expect(app.added).toMatchObject([
    {
      source: { type: 'text', name: 'Good morning. How are you?' },
      settings: { task: 'translate', alphas: [0, 0.1] },
      keep: false,
    },
  ]);
});
