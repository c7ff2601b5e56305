import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { expect, test, vi } from 'vitest';
import {
  type GuardedContents,
  guardNavigation,
  mayDownload,
  mayNavigate,
  mayRequest,
} from './navigation.ts';
import { type GuardedSession, guardSession, mayUse } from './permissions.ts';
import { webPreferences, windowOptions } from './window.ts';

test('the page has no Node, no Electron, its own world and a sandbox', () => {
  expect(webPreferences('/out/preload.cjs')).toEqual({
    preload: '/out/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    backgroundThrottling: false,
  });
});

test('the window opens where it was and is shown only when its page is drawn', () => {
  const bounds = { x: 5, y: 6, width: 900, height: 700 };
  const options = windowOptions({ bounds, maximized: false }, '/out/preload.cjs', null);
  expect(options).toMatchObject({ ...bounds, show: false });
  expect(options).not.toHaveProperty('icon');
});

test('a window may reload its page and go nowhere else', () => {
  expect(mayNavigate('app://veer/index.html#item')).toBe(true);
  expect(mayNavigate('app://veer/')).toBe(true);
  for (const url of [
    'app://veer/media/x',
    'app://other/index.html',
    'https://example.org/',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'about:blank',
    'blob:app://veer/1',
  ]) {
    expect(mayNavigate(url), url).toBe(false);
  }
});

test('the page may fetch from itself only', () => {
  for (const url of ['app://veer/assets/a.js', 'blob:app://veer/1', 'data:image/png;base64,x']) {
    expect(mayRequest(url), url).toBe(true);
  }
  for (const url of [
    'https://example.org/',
    'http://127.0.0.1:8000/',
    'ws://127.0.0.1/',
    'file:///etc/passwd',
    'app://other/',
    'blob:https://example.org/1',
    'chrome-extension://a/b.js',
  ]) {
    expect(mayRequest(url), url).toBe(false);
  }
});

test('only a file that the page made itself can be saved', () => {
  expect(mayDownload('blob:app://veer/1')).toBe(true);
  expect(mayDownload('app://veer/media/x')).toBe(false);
  expect(mayDownload('blob:https://example.org/1')).toBe(false);
});

test('the page may copy text and show notifications, nothing else', () => {
  expect(mayUse('clipboard-sanitized-write', 'app://veer/index.html')).toBe(true);
  expect(mayUse('notifications', 'app://veer')).toBe(true);
  expect(mayUse('notifications', 'https://example.org')).toBe(false);
  expect(mayUse('notifications', '')).toBe(false);
  for (const permission of [
    'media',
    'geolocation',
    'clipboard-read',
    'openExternal',
    'fileSystem',
    'usb',
    'hid',
    'serial',
    'display-capture',
    'local-fonts',
    'unknown',
  ]) {
    expect(mayUse(permission, 'app://veer'), permission).toBe(false);
  }
});

test('every way out of the page is closed', () => {
  const events = new EventEmitter();
  let openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;
  guardNavigation({
    on: events.on.bind(events) as GuardedContents['on'],
    setWindowOpenHandler: (handler) => {
      openHandler = handler;
    },
  });
  const prevented = (name: string, details: object): boolean => {
    const preventDefault = vi.fn();
    events.emit(name, { ...details, preventDefault });
    return preventDefault.mock.calls.length === 1;
  };
  expect(prevented('will-navigate', { url: 'https://example.org/' })).toBe(true);
  expect(prevented('will-navigate', { url: 'file:///dropped.wav' })).toBe(true);
  expect(prevented('will-navigate', { url: 'app://veer/index.html' })).toBe(false);
  expect(
    prevented('will-frame-navigate', { url: 'app://veer/index.html', isMainFrame: false }),
  ).toBe(true);
  expect(
    prevented('will-frame-navigate', { url: 'app://veer/index.html', isMainFrame: true }),
  ).toBe(false);
  expect(prevented('will-redirect', { url: 'app://veer/index.html' })).toBe(true);
  expect(prevented('will-attach-webview', {})).toBe(true);
  const details = { url: 'https://example.org/' } as Parameters<NonNullable<typeof openHandler>>[0];
  expect(openHandler?.(details)).toEqual({ action: 'deny' });
});

test('a session refuses permissions, devices, the network and downloads', () => {
  const events = new EventEmitter();
  const set: Record<string, unknown> = {};
  const session = {
    setPermissionRequestHandler: (handler: unknown) => Object.assign(set, { request: handler }),
    setPermissionCheckHandler: (handler: unknown) => Object.assign(set, { check: handler }),
    setDevicePermissionHandler: (handler: unknown) => Object.assign(set, { device: handler }),
    setSpellCheckerEnabled: (on: boolean) => Object.assign(set, { spelling: on }),
    webRequest: { onBeforeRequest: (listener: unknown) => Object.assign(set, { fetch: listener }) },
    on: events.on.bind(events),
  };
  guardSession(session as unknown as GuardedSession);
  expect(set['spelling']).toBe(false);
  expect((set['device'] as () => boolean)()).toBe(false);
  expect((set['check'] as (...args: unknown[]) => boolean)(null, 'media', 'app://veer')).toBe(
    false,
  );
  const answers: unknown[] = [];
  const answer = (value: unknown) => answers.push(value);
  const request = set['request'] as (...args: unknown[]) => void;
  request(null, 'notifications', answer, { requestingUrl: 'app://veer/index.html' });
  request(null, 'media', answer, { requestingUrl: 'app://veer/index.html' });
  (set['fetch'] as (...args: unknown[]) => void)({ url: 'https://example.org' }, answer);
  expect(answers).toEqual([true, false, { cancel: true }]);
  const preventDefault = vi.fn();
  events.emit('will-download', { preventDefault }, { getURL: () => 'https://example.org/x' });
  expect(preventDefault).toHaveBeenCalledOnce();
});
