import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const LAUNCHER = resolve(import.meta.dirname, '../../src-main/veer.js');

test.runIf(process.platform === 'linux')(
  'the launcher keeps compiled code where the system wants caches',
  async () => {
    const cache = await mkdtemp(join(tmpdir(), 'veer-cache-'));
    try {
      const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, '--version'], {
        env: { ...env, XDG_CACHE_HOME: cache },
      });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      const kept = await readdir(join(cache, 'veer', 'compiled'), { recursive: true });
      expect(kept.length).toBeGreaterThan(20);
    } finally {
      await rm(cache, { recursive: true });
    }
  },
);
