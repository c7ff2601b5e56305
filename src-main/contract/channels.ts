/** Names of the few messages between the page, the preload and the main process. */

/** Page → preload (window message) and preload → main: a port is wanted. */
export const ASK_PORT = 'veer:ask-port';
/** Main → preload and preload → page (window message): here is the port. */
export const PORT = 'veer:port';
/** Preload → main: a file that a person dropped or chose. */
export const GRANT = 'veer:grant';

/** Answer to GRANT. An error's class does not survive this way, so code and sentence go apart. */
export type GrantAnswer =
  | { readonly grantId: string }
  | { readonly code: string; readonly message: string };
