/**
 * Nothing leaves the machine: no module of the program can open a connection, and none but the
 * loopback shell can listen. What is checked is the code, so that it holds for every way through it.
 */

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { TestFolder } from '../cli/test-veer.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const RULE = 'network-in-web-only';
/** Objects of the language's surroundings that connect without an import. */
const CONNECTING = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'RTCPeerConnection'];
/** Of node:http and node:net: what begins a connection to somewhere. */
const OUTWARD = /^(request|get|connect|createConnection|Agent|ClientRequest|Socket)$/;

/** Names in a program that connect: globals, and imports that begin connections. */
function connectingNames(text: string): readonly string[] {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const bindings = node.importClause?.namedBindings;
      const network = /^(node:)?(https?|http2|net|tls|dgram|dns)$/.test(node.moduleSpecifier.text);
      if (network && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) {
        // `import http` and `import * as http` would hide what is used.
        if (bindings === undefined || ts.isNamespaceImport(bindings)) found.push('*');
        else {
          const names = bindings.elements.map((one) => (one.propertyName ?? one.name).text);
          found.push(...names.filter((name) => OUTWARD.test(name)));
        }
      }
      return;
    }
    if (ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() !== 'globalThis') {
      // A property of that name belongs to something else.
      visit(node.expression);
      return;
    }
    if (ts.isIdentifier(node) && CONNECTING.includes(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Modules that are shipped, by path below src-main. */
function shipped(): ReadonlyMap<string, string> {
  const all = readdirSync(join(ROOT, 'src-main'), { recursive: true, encoding: 'utf8' });
  const names = all.filter(
    (name) => /\.(ts|js)$/.test(name) && !/(^|\/)test-|\.test\.ts$/.test(name),
  );
  return new Map(names.map((name) => [name, readFileSync(join(ROOT, 'src-main', name), 'utf8')]));
}

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** Files below a folder that break the rule. */
async function breaking(directory: string): Promise<readonly string[]> {
  const tool = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(ROOT, '.dependency-cruiser.mjs');
  const run = promisify(execFile)(
    process.execPath,
    [tool, 'src-main', '--config', config, '--output-type', 'json'],
    { cwd: directory, maxBuffer: 2 ** 26 },
  );
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  return report.summary.violations
    .filter((violation) => violation.rule.name === RULE)
    .map((violation) => violation.from)
    .toSorted();
}

describe('imports of network modules', () => {
  it('are only in the loopback shell', async () => {
    expect(await breaking(ROOT)).toEqual([]);
  });

  it('are found anywhere else, and in every spelling', async () => {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    };
    write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
    write('package.json', '{ "type": "module" }');
    write('src-main/web/web-server.ts', "import 'node:http';");
    write('src-main/engine/audio/a.ts', "import 'node:https';");
    write('src-main/history/b.ts', "import { connect } from 'net'; connect(1);");
    write('src-main/jobs/c.ts', "export const load = () => import('node:dgram');");
    write('src-main/cli.ts', "export { lookup } from 'node:dns/promises';");
    expect(await breaking(folder.path)).toEqual([
      'src-main/cli.ts',
      'src-main/engine/audio/a.ts',
      'src-main/history/b.ts',
      'src-main/jobs/c.ts',
    ]);
  });
});

describe('what connects', () => {
  it('is nowhere in the program', () => {
    const found = [...shipped()].map(([name, text]) => [name, connectingNames(text)] as const);
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(([, names]) => names.length > 0)).toEqual([]);
  });

  it.each([
    ["await fetch('https://example.org');", ['fetch']],
    ['const f = globalThis.fetch;', ['fetch']],
    ['const f = rows.fetch;', []],
    ["new WebSocket('ws://example.org');", ['WebSocket']],
    ["import { request } from 'node:https'; request('x');", ['request']],
    ["import { connect as c } from 'node:net'; c(1);", ['connect']],
    ["import http from 'node:http'; http.get('x');", ['*']],
    ["import * as net from 'node:net'; net.connect(1);", ['*']],
    ["import { createServer, type IncomingMessage } from 'node:http';", []],
    ['// fetch( in a comment, and a type: ', []],
    ['const x: Parameters<WebSocket["send"]> = y;', []],
  ])('is seen: %s', (text, names) => {
    expect(connectingNames(text)).toEqual(names);
  });
});
