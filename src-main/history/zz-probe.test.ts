import { expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { addItem, filesWith, readEveryFile, testFolder, testHistory } from './test-history.ts';
test('probe', async () => {
  const folder = await testFolder();
  const history = await testHistory(folder);
  const items = Array.from({ length: 60 }, (_, i) =>
    addItem(history, {
      name: `${i % 3 === 0 ? 'goneword' : 'kept'}${i}`,
      texts: Array.from({ length: 8 }, (_, n) => `${i % 3 === 0 ? 'goneword' : 'kept'}${i}x${n} ${'filling words '.repeat(n * 9)}`),
    }),
  );
  history.markDeleted(items.filter((_, i) => i % 3 === 0).map(({ itemId }) => itemId));
  await history.purge(history.due(1000));
  await history.close();
  const out: string[] = [];
  const bytes = readEveryFile(folder).get(join(folder, 'veer.db')) ?? '';
  const d = new Database(join(folder, 'veer.db'));
  const pages = d.prepare("select name, pageno, pagetype from dbstat where pageno = ?");
  for (let at = bytes.indexOf('goneword'); at >= 0; at = bytes.indexOf('goneword', at + 1))
    out.push(JSON.stringify([at, at % 4096, pages.get(Math.floor(at / 4096) + 1), bytes.slice(at - 12, at + 30)]));
  process.stdout.write(out.slice(0, 30).join('\n') + '\n' + out.length + '\n');
  for (const t of ['text_search', 'name_search']) d.exec(`INSERT INTO ${t}(${t}) VALUES('optimize')`);
  d.pragma('secure_delete=ON'); d.close();
  process.stdout.write('after optimize ' + filesWith(folder, 'goneword').length + '\n');
});
