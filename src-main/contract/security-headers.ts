/** The headers that both shells send with every answer to a page (docs/security.md). */

import { contentSecurityPolicy } from './content-security-policy.ts';

/** @param connect where the screens may open connections to, as in `contentSecurityPolicy` */
export function securityHeaders(connect: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(connect),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
