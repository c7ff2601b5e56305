/**
 * Search over names and over the text as it stands. The indices hold no text of their own (external
 * content) and forget deleted words at once (secure-delete). Prefixes of up to three letters are
 * indexed, since the last word of a search is a beginning.
 */

import type { Migration } from '../migrate.ts';

const index = (name: string, table: string, column: string) => `
  CREATE VIRTUAL TABLE ${name} USING fts5 (
    ${column}, content = '${table}', content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
  );
  INSERT INTO ${name} (${name}, rank) VALUES ('secure-delete', 1);
  INSERT INTO ${name} (${name}) VALUES ('rebuild');

  CREATE TRIGGER ${name}_insert AFTER INSERT ON ${table} BEGIN
    INSERT INTO ${name} (rowid, ${column}) VALUES (new.key, new.${column});
  END;
  CREATE TRIGGER ${name}_delete AFTER DELETE ON ${table} BEGIN
    INSERT INTO ${name} (${name}, rowid, ${column}) VALUES ('delete', old.key, old.${column});
  END;
  CREATE TRIGGER ${name}_update AFTER UPDATE OF ${column} ON ${table}
  WHEN old.${column} IS NOT new.${column} BEGIN
    INSERT INTO ${name} (${name}, rowid, ${column}) VALUES ('delete', old.key, old.${column});
    INSERT INTO ${name} (rowid, ${column}) VALUES (new.key, new.${column});
  END;
`;

export const fullTextSearch: Migration = {
  version: 20,
  sql: index('name_search', 'items', 'name') + index('text_search', 'segments', 'text'),
};
