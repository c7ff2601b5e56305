/** Loopback composition root: the application, and its screens in a tab of the browser. */

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { App } from './app/app.ts';
import { appRouter } from './app/router.ts';
import { mediaUrl, newToken } from './web/access.ts';
import { openBrowser } from './web/open-browser.ts';
import { WebServer } from './web/web-server.ts';

const RENDERER = fileURLToPath(new URL('../out/renderer', import.meta.url));

export interface ServeOptions {
  readonly dataDirectory: string;
  readonly modelDirectories: readonly string[];
  readonly samplesDirectory: string;
  readonly version: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** Whether the browser is opened. */
  readonly open: boolean;
  /** Ends it; everything is closed then. */
  readonly signal: AbortSignal;
  /** Is given the one line with the address. */
  readonly say: (line: string) => void;
  /** Is told what a person at the terminal should know. */
  readonly warn: (line: string) => void;
  /** Is told of failures without a name. */
  readonly reportFault: (fault: unknown) => void;
}

/**
 * Runs until the signal.
 *
 * @throws VeerError DATABASE_IN_USE where another Veer has the data open, OPTION_INVALID for a port
 *   that is taken, and what else `App.open` says
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { signal, say, warn, port, open, ...appOptions } = options;
  const token = newToken();
  const app = await App.open({
    ...appOptions,
    shell: 'web',
    mediaUrl: (itemId) => mediaUrl(token, itemId),
  });
  try {
    const webApp = {
      router: appRouter(app),
      grants: app.grants,
      uploadsDirectory: app.uploadsDirectory,
      playbackFile: (itemId: string) => app.playbackFile(itemId),
    };
    const server = await WebServer.start(webApp, { port, token, rendererDirectory: RENDERER });
    say(`Veer: ${server.url}`);
    if (!server.hasScreens) warn('The screens are not built: run "npm run build" and start again.');
    if (open) openBrowser(server.url);
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
  } finally {
    await app.close();
  }
}
