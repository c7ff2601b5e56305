/** What the screens need of the way to the application, whichever shell they run in. */

import type { AppClient } from './app-client.ts';

/**
 * - `lost`: it is being set up again; calls fail until then.
 * - `denied`: the address has no key or a wrong one; trying again does not help.
 */
export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'denied';

export interface GrantOptions {
  readonly signal: AbortSignal;
  /** Bytes; called only where the file has to be sent. */
  readonly onProgress: (sent: number, total: number) => void;
}

export interface Bridge {
  /** Stays the same over reconnections; calls fail at once while there is no connection. */
  readonly client: AppClient;
  /** Calls with the state of now, then on every change. @returns ends it */
  watchConnection(listener: (state: ConnectionState) => void): () => void;
  /** Tries now instead of at the next moment planned. */
  reconnect(): void;
  /**
   * Gives the application a file that a person chose.
   *
   * @returns the grant's id
   * @throws VeerError DISK_FULL, UPLOAD_BROKEN, ACCESS_DENIED, GRANT_UNKNOWN, CANCELLED
   */
  grantFile(file: File, options: GrantOptions): Promise<string>;
}
