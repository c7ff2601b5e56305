#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript. A bare machine may have an older one;
// the project brings its own as a dependency (docs/decisions/001-bundled-node.md).

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('./cli.ts', import.meta.url));
const bundled = fileURLToPath(
  new URL(
    `../node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`,
    import.meta.url,
  ),
);

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./cli.ts');
} else if (existsSync(bundled)) {
  // Ctrl-C reaches both processes; the inner one decides, this one waits for it.
  process.on('SIGINT', () => undefined);
  const { status, signal } = spawnSync(bundled, [entry, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
} else {
  process.stderr.write('Veer needs Node 24 or newer. Run "npm ci" in the project to install it.\n');
  process.exitCode = 2;
}
