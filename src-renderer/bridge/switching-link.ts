/** One client over connections that come and go. */

import { type ClientContext, type ClientLink, createORPCClient, DynamicLink } from '@orpc/client';
import type { AppClient } from './app-client.ts';

export type Link = ClientLink<ClientContext>;

/** @param current the link of now; throws where there is none */
export function switchingClient(current: () => Link): AppClient {
  return createORPCClient(new DynamicLink(current));
}

/** What a call meets while there is no connection. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}
