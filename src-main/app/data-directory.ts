/** Where the program keeps what it stores when nobody says otherwise: each system's own place. */

import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Linux and others: `$XDG_DATA_HOME/veer`, by default `~/.local/share/veer`; macOS:
 * `~/Library/Application Support/Veer`; Windows: `%APPDATA%\Veer`.
 */
export function defaultDataDirectory(
  { platform, env, home }: Surroundings = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
  },
): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Veer');
    case 'win32':
      return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Veer');
    default: {
      const named = env['XDG_DATA_HOME'];
      // The specification says that a relative path must be ignored.
      const base = named?.startsWith('/') ? named : join(home, '.local', 'share');
      return join(base, 'veer');
    }
  }
}
