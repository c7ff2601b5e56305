/**
 * Electron composition root: one instance, one window, the application, and what guards them.
 * docs/electron-unverified.md lists what of it could not be tried.
 */

import { join } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import {
  BrowserWindow,
  dialog,
  app as electron,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  utilityProcess,
} from 'electron';
import { App } from './app/app.ts';
import { defaultDataDirectory } from './app/data-directory.ts';
import { appRouter } from './app/router.ts';
import { VeerError } from './contract/errors.ts';
import { APP_SCHEME, APP_SCHEME_PRIVILEGES, mediaUrl } from './shell/app-url.ts';
import { engineLauncher } from './shell/engine-launcher.ts';
import { ErrorLog } from './shell/error-log.ts';
import { answerGrants } from './shell/grants.ts';
import { shellLanguage } from './shell/language.ts';
import { focusWindow, openMainWindow } from './shell/main-window.ts';
import { menuTemplate } from './shell/menu.ts';
import { guardNavigation } from './shell/navigation.ts';
import { guardSession } from './shell/permissions.ts';
import { PortHandover } from './shell/port-handover.ts';
import { KeepAwake } from './shell/power.ts';
import { programFiles } from './shell/program-files.ts';
import { serveAppUrl } from './shell/protocol.ts';
import { Quit, quitDialog } from './shell/quit.ts';
import { windowOptions } from './shell/window.ts';
import { fitToScreens, WindowStateFile } from './shell/window-state.ts';

const dataDirectory = defaultDataDirectory();
const files = programFiles(import.meta.dirname, electron.isPackaged ? process.resourcesPath : null);
const log = new ErrorLog(join(dataDirectory, 'errors.log'));

process.on('unhandledRejection', (error) => log.write('unhandledRejection', error));
process.on('uncaughtException', (error) => fail('uncaughtException', error));

// All of this must be done before the app is ready.
electron.setPath('userData', join(dataDirectory, 'electron'));
electron.enableSandbox();
protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES]);
electron.on('web-contents-created', (_event, contents) => guardNavigation(contents));

if (electron.requestSingleInstanceLock()) {
  electron
    .whenReady()
    .then(start)
    .catch((error: unknown) => fail('start', error));
} else {
  // The one that runs already shows its window.
  electron.exit(0);
}

async function start(): Promise<void> {
  const stateFile = new WindowStateFile(join(dataDirectory, 'window.json'));
  const state = fitToScreens(
    await stateFile.read(),
    [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea),
  );
  const app = await App.open({
    dataDirectory,
    modelDirectories: [files.models],
    samplesDirectory: files.samples,
    shell: 'electron',
    version: electron.getVersion(),
    launchEngine: engineLauncher(utilityProcess.fork, files.engineEntry),
    mediaUrl,
    reportFault: (fault) => log.write('fault', fault),
  });
  const language = shellLanguage(
    app.settings.current.interfaceLanguage,
    electron.getPreferredSystemLanguages(),
  );

  guardSession(session.defaultSession);
  protocol.handle(APP_SCHEME, (request) =>
    serveAppUrl(request, {
      rendererDirectory: files.renderer,
      playbackFile: (itemId) => app.playbackFile(itemId),
    }),
  );
  const handler = new RPCHandler(appRouter(app));
  const handover = new PortHandover({
    createChannel: () => new MessageChannelMain(),
    serve: (port) => handler.upgrade(port),
  });
  handover.listen(ipcMain);
  answerGrants(ipcMain, app.grants);
  const awake = new KeepAwake(powerSaveBlocker, () => app.busy);
  awake.start();

  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform, language, electron.isPackaged)),
  );
  const window = new BrowserWindow(
    windowOptions(state, files.preload, process.platform === 'linux' ? files.icon : null),
  );
  const quit = new Quit({
    isBusy: () => app.busy,
    ask: async () => (await dialog.showMessageBox(window, quitDialog(language))).response,
    close: async () => {
      await stateFile.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
      awake.stop();
      handover.close();
      await app.close();
    },
    exit: () => electron.exit(0),
  });
  const wantsToQuit = () => {
    quit.request().catch((error: unknown) => log.write('quit', error));
  };
  openMainWindow(window, {
    maximized: state.maximized,
    onClose: wantsToQuit,
    onGone: (reason) => log.write('page', new Error(reason)),
    now: () => performance.now(),
  });
  electron.on('second-instance', () => focusWindow(window));
  electron.on('activate', () => focusWindow(window));
  electron.on('before-quit', (event) => {
    event.preventDefault();
    wantsToQuit();
  });
  powerMonitor.on('shutdown', () => {
    quit.withoutAsking().catch((error: unknown) => log.write('quit', error));
  });
}

/** The last thing the program does: every finished segment is stored already. */
function fail(what: string, error: unknown): void {
  log.write(what, error);
  const sentence =
    error instanceof VeerError
      ? error.message
      : 'Veer had to stop. Start it again: everything that was finished is kept.';
  dialog.showErrorBox('Veer', sentence);
  electron.exit(1);
}
