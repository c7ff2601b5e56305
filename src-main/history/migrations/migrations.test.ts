import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { baseTables } from './0010-base-tables.ts';
import { fullTextSearch } from './0020-full-text-search.ts';
import { variantPredictions } from './0030-variant-predictions.ts';
import { runSearch } from './0040-run-search.ts';
import { runSourceLanguage } from './0050-run-source-language.ts';
import { runSpeech } from './0060-run-speech.ts';
import { automaticChoice } from './0070-automatic-choice.ts';
import { MIGRATIONS } from './all-migrations.ts';

function baseDatabase(): Database.Database {
  const database = new Database(':memory:');
  migrate(database, [baseTables]);
  database.exec(`
    INSERT INTO items (key, id, kind, name, created_at, media, keep, source_path, owns_source)
      VALUES (1, 'i', 'audio', 'Café.wav', 1, 'none', 1, '/x', 0);
    INSERT INTO runs (key, id, item_key, created_at, settings) VALUES (1, 'r', 1, 1, '{}');
    INSERT INTO segments (key, run_key, position, chosen_alpha, text)
      VALUES (${2 ** 24}, 1, 0, 0, 'words of before');
    INSERT INTO variants (segment_key, alpha, ordinal, text, token_ids, average_log_probability,
      finish_reason) VALUES (${2 ** 24}, 0, 0, 'words of before', x'', -1, 'end-of-text');
    INSERT INTO corrections (segment_key, alpha, text, created_at) VALUES (${2 ** 24}, 0, 'c', 1);
  `);
  return database;
}

test('versions ascend and are the numbers of the files', () => {
  const versions = MIGRATIONS.map(({ version }) => version);
  expect(versions).toEqual([10, 20, 30, 40, 50, 60, 70]);
});

test('10: an empty database gets its tables; deleting an item takes all that hangs on it', () => {
  const database = baseDatabase();
  expect(database.pragma('user_version', { simple: true })).toBe(10);
  database.pragma('foreign_keys = ON');
  database.exec('DELETE FROM items');
  for (const table of ['runs', 'segments', 'variants', 'corrections']) {
    expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  }
});

test('10: machine output cannot be changed by any statement', () => {
  const database = baseDatabase();
  expect(() => database.exec("UPDATE variants SET text = 'other'")).toThrow('never changed');
});

test('20: names and texts that were there before can be found, and changes follow', () => {
  const database = baseDatabase();
  migrate(database, [fullTextSearch]);
  const found = (table: string, word: string) =>
    database.prepare(`SELECT rowid FROM ${table} WHERE ${table} MATCH ?`).pluck().all(word);
  expect(found('name_search', 'cafe')).toEqual([1]);
  expect(found('text_search', 'bef*')).toEqual([2 ** 24]);
  database.exec("UPDATE segments SET text = 'words of after'");
  expect([found('text_search', 'before'), found('text_search', 'after')]).toEqual([[], [2 ** 24]]);
  database.exec('DELETE FROM items');
  expect([found('name_search', 'cafe'), found('text_search', 'after')]).toEqual([[], []]);
});

test('30: variants that were there before have no prediction and stay unchangeable', () => {
  const database = baseDatabase();
  migrate(database, [fullTextSearch, variantPredictions]);
  expect(database.prepare('SELECT alpha, text, predicted_score FROM variants').all()).toEqual([
    { alpha: 0, text: 'words of before', predicted_score: null },
  ]);
  database.exec(`
    INSERT INTO variants (segment_key, alpha, ordinal, text, token_ids, predicted_score,
      average_log_probability, finish_reason)
      VALUES (${2 ** 24}, 0.1, 1, 'moved', x'', 0.25, -1, 'end-of-text');
  `);
  const added = database.prepare('SELECT predicted_score FROM variants WHERE alpha = 0.1').pluck();
  expect(added.get()).toBe(0.25);
  expect(() => database.exec('UPDATE variants SET predicted_score = 1')).toThrow('never changed');
});

test('40: runs that were there before are greedy, and their other settings stay', () => {
  const database = baseDatabase();
  database.exec(`UPDATE runs SET settings = '{"task":"translate","alphas":[0,0.5]}'`);
  migrate(database, [fullTextSearch, variantPredictions, runSearch]);
  const settings = database.prepare('SELECT settings FROM runs').pluck().get();
  expect(JSON.parse(String(settings))).toEqual({
    task: 'translate',
    alphas: [0, 0.5],
    search: null,
  });
});

test('50: runs that were there before read what their model does by itself', () => {
  const database = baseDatabase();
  database.exec(`UPDATE runs SET settings = '{"language":"de","search":null}'`);
  migrate(database, [fullTextSearch, variantPredictions, runSearch, runSourceLanguage]);
  const settings = database.prepare('SELECT settings FROM runs').pluck().get();
  expect(JSON.parse(String(settings))).toEqual({
    language: 'de',
    search: null,
    sourceLanguage: null,
  });
});

test('60: runs that were there before are written down plainly; variants may say more', () => {
  const database = baseDatabase();
  database.exec(`UPDATE runs SET settings = '{"search":null}'`);
  const before = [fullTextSearch, variantPredictions, runSearch, runSourceLanguage];
  migrate(database, [...before, runSpeech]);
  const settings = database.prepare('SELECT settings FROM runs').pluck().get();
  expect(JSON.parse(String(settings))).toEqual({
    search: null,
    sourceLanguage: null,
    speech: null,
  });
  expect(database.prepare('SELECT text, details FROM variants').all()).toEqual([
    { text: 'words of before', details: null },
  ]);
  expect(() => database.exec("UPDATE variants SET details = '{}'")).toThrow('never changed');
});

test('70: of units that were there before the program has chosen none', () => {
  const database = baseDatabase();
  database.exec(`UPDATE runs SET settings = '{"search":null}'`);
  const before = [fullTextSearch, variantPredictions, runSearch, runSourceLanguage, runSpeech];
  migrate(database, [...before, automaticChoice]);
  const settings = database.prepare('SELECT settings FROM runs').pluck().get();
  expect(JSON.parse(String(settings))).toMatchObject({ choice: 'plain' });
  expect(database.prepare('SELECT automatic_alpha FROM segments').pluck().all()).toEqual([null]);
});
