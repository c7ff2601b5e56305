import { EventEmitter } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MenuItemConstructorOptions, PowerSaveBlocker, UtilityProcess } from 'electron';
import { expect, test, vi } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import { engineLauncher } from './engine-launcher.ts';
import { describeError, ErrorLog } from './error-log.ts';
import { menuTemplate } from './menu.ts';
import { KeepAwake } from './power.ts';
import { programFiles } from './program-files.ts';

test('the computer is kept awake while a job runs and no longer', () => {
  const blocker = { start: vi.fn(() => 7), stop: vi.fn(() => true) };
  let busy = false;
  const awake = new KeepAwake(blocker as Pick<PowerSaveBlocker, 'start' | 'stop'>, () => busy);
  awake.update();
  expect(blocker.start).not.toHaveBeenCalled();
  busy = true;
  awake.update();
  awake.update();
  expect(blocker.start).toHaveBeenCalledExactlyOnceWith('prevent-app-suspension');
  busy = false;
  awake.update();
  expect(blocker.stop).toHaveBeenCalledExactlyOnceWith(7);
  busy = true;
  awake.update();
  awake.stop();
  expect(blocker.stop).toHaveBeenCalledTimes(2);
});

/** As Electron's UtilityProcess: an emitter that is told and asked. */
class UtilityDouble extends EventEmitter {
  pid: number | undefined;
  readonly stderr = Object.assign(new EventEmitter(), { setEncoding: () => this.stderr });
  readonly sent: unknown[] = [];
  readonly kill = vi.fn(() => true);
  postMessage(data: unknown): void {
    this.sent.push(data);
  }
}

test('an engine of Electron is used as one of Node is', async () => {
  const child = new UtilityDouble();
  const fork = vi.fn(() => child as unknown as UtilityProcess);
  const engine = engineLauncher(fork, '/out/main/engine-process.mjs')();
  expect(fork).toHaveBeenCalledWith('/out/main/engine-process.mjs', [], expect.anything());
  const heard: unknown[] = [];
  const closed = vi.fn();
  engine.port.on('message', (event) => heard.push(event));
  engine.port.on('close', closed);
  engine.port.postMessage('ask');
  child.emit('message', 'answer');
  expect(child.sent).toEqual(['ask']);
  expect(heard).toEqual([{ data: 'answer' }]);
  expect(engine.alive).toBe(true);
  engine.kill();
  expect(child.kill).toHaveBeenCalledOnce();
  child.stderr.emit('data', 'at x\nError: out of memory\nat y\n');
  child.emit('exit', 134);
  expect(await engine.exited).toBe('it was ended with exit code 134 (Error: out of memory)');
  expect(engine.alive).toBe(false);
  expect(closed).toHaveBeenCalledOnce();
  engine.port.postMessage('late');
  expect(child.sent).toEqual(['ask']);
});

test('the log holds names, codes and places, and neither text nor file names', () => {
  const error = new VeerError('FILE_UNREADABLE', 'secret sentence', {
    cause: new TypeError('/home/somebody/secret.wav'),
  });
  error.stack =
    'VeerError: secret sentence\nsecret: second line\n    at read (file:///home/somebody/veer/out/main/main.js:10:5)\n    at async /home/somebody/x/engine.ts:3:4';
  const entry = describeError('start', error, 0);
  expect(entry).toBe(
    '1970-01-01T00:00:00.000Z start VeerError FILE_UNREADABLE\n  at read main.js:10:5\n  at engine.ts:3:4\n  caused by TypeError\n',
  );
});

test('what is no error is named by its type only', () => {
  expect(describeError('x', 'secret', 0)).toBe('1970-01-01T00:00:00.000Z x string\n');
});

test('the log does not grow without end', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'veer-log-'));
  const log = new ErrorLog(join(directory, 'errors.log'), () => 0);
  for (let count = 0; count < 6000; count++) log.write('again', new Error('secret'));
  expect((await readdir(directory)).sort()).toEqual(['errors.log', 'errors.log.old']);
  const text = await readFile(join(directory, 'errors.log'), 'utf8');
  expect(text.length).toBeLessThan(300_000);
  expect(text).not.toContain('secret');
  await rm(directory, { recursive: true });
});

test('a log that cannot be written stops nothing', () => {
  expect(() => new ErrorLog('/dev/null/errors.log').write('x', new Error('y'))).not.toThrow();
});

function labels(items: readonly MenuItemConstructorOptions[]): unknown[] {
  return items.flatMap((item) => [
    item.label,
    ...(Array.isArray(item.submenu) ? labels(item.submenu) : []),
  ]);
}

test.each(['linux', 'win32', 'darwin'] as const)(
  'the menu on %s has a way out and no developer tools',
  (platform) => {
    for (const language of ['en', 'de'] as const) {
      const all = labels(menuTemplate(platform, language, true));
      expect(all).toContain(language === 'de' ? 'Veer beenden' : 'Quit Veer');
      expect(all).not.toContain(language === 'de' ? 'Entwicklerwerkzeuge' : 'Developer Tools');
    }
    expect(labels(menuTemplate(platform, 'en', false))).toContain('Developer Tools');
  },
);

test('the engine is started from beside the archive, the rest is read from within', () => {
  const files = programFiles('/opt/Veer/resources/app.asar/out/main', '/opt/Veer/resources');
  expect(files).toEqual({
    preload: '/opt/Veer/resources/app.asar/out/preload/preload.cjs',
    renderer: '/opt/Veer/resources/app.asar/out/renderer',
    engineEntry: '/opt/Veer/resources/app.asar.unpacked/out/main/engine-process.mjs',
    models: '/opt/Veer/resources/models',
    samples: '/opt/Veer/resources/samples',
    icon: '/opt/Veer/resources/icon.png',
  });
});

test('a program that runs from its source finds models, samples and engine there', () => {
  const files = programFiles('/src/veer/out/main', null);
  expect(files.engineEntry).toBe('/src/veer/out/main/engine-process.mjs');
  expect(files.models).toBe('/src/veer/models');
  expect(files.samples).toBe('/src/veer/resources/samples');
});
