import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Runes are compiled; the states themselves need no browser.
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite-renderer',
  plugins: [svelte({ dynamicCompileOptions: () => ({ generate: 'client' }) })],
  resolve: { conditions: ['browser'] },
  test: { name: 'renderer', include: ['**/*.test.ts'], testTimeout: 60_000 },
});
