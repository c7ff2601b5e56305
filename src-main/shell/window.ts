/** The window: what its page may do, and how it opens. */

import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { WindowState } from './window-state.ts';

/** Pixels below which the screens cannot be used. */
const SMALLEST = { width: 480, height: 400 } as const;

/**
 * What the page may do: nothing but show itself. Defaults of Electron are written down, so that a
 * change of one is seen here and in the test.
 *
 * @param preload absolute path of the one bundled script
 */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
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
    // Its dictionaries are fetched from a server of Google's.
    spellcheck: false,
    // A job's progress goes on while the window is behind another one.
    backgroundThrottling: false,
  };
}

/** @param icon absolute path of a PNG, or null where the system takes it from the program */
export function windowOptions(
  state: WindowState,
  preload: string,
  icon: string | null,
): BrowserWindowConstructorOptions {
  return {
    ...state.bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Veer',
    // Shown once the page is drawn.
    show: false,
    ...(icon === null ? {} : { icon }),
    webPreferences: webPreferences(preload),
  };
}
