/**
 * Runs beside the page in its sandbox, as one bundled CommonJS file. It hands the page a port when
 * the page asks for one, and turns files that a person dropped into grants. The page never sees a
 * path, and cannot name one: a file made by a script has none.
 */

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { ASK_PORT, GRANT, type GrantAnswer, PORT } from '../contract/channels.ts';

/** What this file uses of the page's world; the main process's types have no DOM. */
declare const window: {
  addEventListener(
    type: 'message',
    listener: (event: { source: unknown; origin: string; data: unknown }) => void,
  ): void;
  postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void;
};
declare const location: { readonly origin: string };

const NO_PATH =
  'Only files from this computer can be handed to Veer. Choose one with the file dialog.';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.origin !== location.origin) return;
  if (event.data === ASK_PORT) ipcRenderer.send(ASK_PORT);
});

ipcRenderer.on(PORT, (event) => {
  // Ports cannot cross the context bridge; a window message takes them along.
  window.postMessage(PORT, location.origin, event.ports);
});

/** @returns id of the grant; rejects with a sentence for people */
async function grantFile(file: File): Promise<string> {
  const path = webUtils.getPathForFile(file);
  if (path === '') throw new Error(NO_PATH);
  const answer: GrantAnswer = await ipcRenderer.invoke(GRANT, path);
  if ('grantId' in answer) return answer.grantId;
  throw new Error(answer.message);
}

contextBridge.exposeInMainWorld('veer', { shell: 'electron', grantFile });
