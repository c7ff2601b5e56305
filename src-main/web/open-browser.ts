/** Opens an address in the browser that the person uses. */

import { spawn } from 'node:child_process';

/** Program and the arguments before the address. */
export function browserCommand(platform: NodeJS.Platform): readonly [string, ...string[]] {
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      // `start` belongs to a shell, which would read the address; this takes it as it is.
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}

/** A browser that cannot be opened is no failure: the address is printed as well. */
export function openBrowser(url: string): void {
  const [command, ...args] = browserCommand(process.platform);
  const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
