#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript. A bare machine may have an older one;
// the project brings its own as a dependency (docs/decisions/001-bundled-node.md).

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('./cli.ts', import.meta.url));
// Only Linux has one; elsewhere the outer Node must be new enough.
const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

// Compiled code is kept for the next start: a fifth of the work before the first text. Through the
// environment the engine process, or the inner Node, does the same.
process.env['NODE_COMPILE_CACHE'] ??= join(cacheDirectory(), 'compiled');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE']);
  await import('./cli.ts');
} else if (existsSync(bundled)) {
  const inner = spawn(bundled, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches both processes, other signals this one only. The inner one decides.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => inner.kill(signal));
  inner.on('error', (error) => {
    process.stderr.write(`Veer's own Node cannot be started: ${error.message}. Run "npm ci".\n`);
    process.exitCode = 2;
  });
  inner.on('exit', (code, signal) => {
    if (signal !== null) process.removeAllListeners(signal).kill(process.pid, signal);
    process.exitCode = code ?? 1;
  });
} else {
  process.stderr.write(
    'Veer needs Node 24 or newer. On Linux "npm ci" in the project brings it.\n',
  );
  process.exitCode = 2;
}

/** Where the system wants what a program can make again. */
function cacheDirectory() {
  const { LOCALAPPDATA, XDG_CACHE_HOME = '' } = process.env;
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Caches', 'Veer');
    case 'win32':
      return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Veer', 'Cache');
    default:
      return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'veer');
  }
}
