/**
 * Builds what Electron runs: out/main (ES modules), out/preload (one CommonJS file, which a sandbox
 * demands) and out/renderer (the screens, which the loopback shell shows too).
 */

import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      // The engine's entry lies outside the archive, so it brings along what it imports, but for
      // packages with native parts.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          main: resolve(root, 'src-main/main.ts'),
          'engine-process': resolve(root, 'src-main/engine/engine-process.ts'),
          'hash-worker': resolve(root, 'src-main/engine/hash-worker.ts'),
        },
        external: [/^better-sqlite3/, /^onnxruntime-node/, /^node-av/],
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/shell/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    base: './',
    plugins: [tailwindcss(), svelte()],
    build: {
      rolldownOptions: { input: resolve(root, 'src-renderer/index.html') },
      minify: true,
      // The policy of the page allows no inline script.
      modulePreload: false,
    },
  },
});
