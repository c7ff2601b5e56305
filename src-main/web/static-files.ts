/**
 * The built screens. The folder is read once, at the start; a request is looked up among the names
 * that were found and never becomes a path, so that there is nothing to traverse.
 */

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export class StaticFiles {
  readonly #paths: ReadonlyMap<string, string>;

  private constructor(paths: ReadonlyMap<string, string>) {
    this.#paths = paths;
  }

  /** @param directory of the built screens; one that is not there has no files */
  static async read(directory: string): Promise<StaticFiles> {
    const paths = new Map<string, string>();
    for (const entry of await entriesOf(directory)) {
      // A link could lead out of the folder.
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      paths.set(`/${relative(directory, path).split(sep).join('/')}`, path);
    }
    const start = paths.get('/index.html');
    if (start !== undefined) paths.set('/', start);
    return new StaticFiles(paths);
  }

  /** Whether there is a start page. */
  get built(): boolean {
    return this.#paths.has('/');
  }

  has(pathname: string): boolean {
    return this.#paths.has(pathname);
  }

  /** @param pathname one that `has` knows, as the request spells it */
  async send(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#paths.get(pathname) ?? '';
    const { size } = await stat(path);
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-length': size,
      // Names in assets/ carry a hash of their content.
      'cache-control': pathname.startsWith('/assets/')
        ? 'private, max-age=31536000, immutable'
        : 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(path), response);
  }
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { recursive: true, withFileTypes: true });
  } catch {
    // Not built yet; the shell says so where somebody asks for a page.
    return [];
  }
}
