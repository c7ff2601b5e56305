/**
 * One session of a person with `veer serve`, run where there is no network: uploads a recording,
 * waits for its text and reads it. Writes what happened as JSON.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { clientOf, openSocket } from './test-served.ts';

const CLI = resolve(import.meta.dirname, '..', '..', 'src-main', 'cli.ts');
const [recording = ''] = process.argv.slice(2);

/** Code of the failure to reach an address that is not this machine (RFC 5737). */
function outward(): Promise<string> {
  return new Promise((settle) => {
    const socket = connect({ host: '192.0.2.1', port: 80, timeout: 2000 });
    socket.on('connect', () => settle('connected'));
    socket.on('timeout', () => settle('timeout'));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? ''));
  });
}

const data = mkdtempSync(join(tmpdir(), 'veer-no-network-'));
const shell = spawn(process.execPath, [CLI, 'serve', '--no-open', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const line = await new Promise<string>((settle, reject) => {
    createInterface(shell.stdout).once('line', settle);
    shell.once('exit', (code) => reject(new Error(`veer serve ended with ${code}`)));
  });
  const address = line.replace('Veer: ', '');
  const { origin, hash } = new URL(address);
  const client = clientOf(await openSocket(address));
  const answer = await fetch(`${origin}/upload?name=digits.opus`, {
    method: 'POST',
    headers: { origin, authorization: `Bearer ${hash.replace('#token=', '')}` },
    body: readFileSync(recording),
  });
  const { grantId } = (await answer.json()) as { grantId: string };
  const events = await client.jobs.watch();
  const job = await client.jobs.add({
    source: { type: 'grant', grantId },
    settings: {
      task: 'transcribe',
      model: null,
      proxy: null,
      dtype: null,
      alphas: null,
      choice: 'plain',
      language: null,
      sourceLanguage: null,
      search: null,
      speech: null,
    },
    keep: true,
  });
  let state = job.state;
  for await (const event of events) {
    if (event.type !== 'changed' || event.job.id !== job.id) continue;
    state = event.job.state;
    if (state === 'done' || state === 'failed') break;
  }
  const segments = await client.history.segments({ runId: job.runId, from: 0, limit: 100 });
  const text = segments.map((segment) => segment.text).join(' ');
  const interfaces = Object.keys(networkInterfaces());
  const outcome = { state, text, outward: await outward(), interfaces };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
} finally {
  const ended = new Promise((settle) => shell.once('exit', settle));
  shell.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true });
}
process.exit();
