/** The application where there is no network at all: a namespace with the loopback device alone. */

import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { UTTERANCE } from '../cli/test-veer.ts';

/** Without rights of root a user namespace gives them inside. */
const UNSHARE = process.getuid?.() === 0 ? ['-n'] : ['-r', '-n'];
const LOOPBACK_UP = 'ip link set lo up';

/** Why no such namespace can be made here, or null. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a feature of Linux';
  const { error, status, stderr } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', LOOPBACK_UP]);
  if (error !== undefined) return error.message;
  return status === 0 ? null : stderr.toString().trim() || `unshare ended with ${status}`;
}

const reason = whyNot();
if (reason !== null) process.stderr.write(`e2e/security/no-network: skipped, ${reason}\n`);

it.skipIf(reason !== null)('a recording becomes text with the loopback device alone', async () => {
  const session = join(import.meta.dirname, 'test-no-network-session.ts');
  const command = `${LOOPBACK_UP} && exec "$0" "$@"`;
  const { stdout } = await promisify(execFile)(
    'unshare',
    [...UNSHARE, 'sh', '-c', command, process.execPath, session, UTTERANCE],
    { timeout: 50_000 },
  );
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ state: 'done', interfaces: ['lo'] });
  // The proof that there was no way out.
  expect(outcome.outward).toMatch(/^E(NETUNREACH|HOSTUNREACH|ADDRNOTAVAIL)$/);
  expect(outcome.text).toMatch(/[a-z]{2,}/i);
});
