import { defineConfig } from 'vitest/config';
import { keepCompiledCode } from './e2e/compiled-code.ts';

keepCompiledCode();

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      'src-renderer/vitest.config.ts',
      {
        test: {
          name: 'main',
          include: ['src-main/**/*.test.ts', 'e2e/**/*.test.ts'],
          // Native inference libraries are loaded once per process and are not safe in threads.
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
