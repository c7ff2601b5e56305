/** Chooses the bridge by the shell that the page runs in. */

import type { Bridge } from './bridge.ts';
import { ElectronBridge, type VeerWindow } from './electron-bridge.ts';
import { WebBridge } from './web-bridge.ts';

declare global {
  interface Window {
    /** There in Electron only. */
    readonly veer?: VeerWindow;
  }
}

export function openBridge(): Bridge {
  return window.veer === undefined ? new WebBridge() : new ElectronBridge(window.veer);
}
