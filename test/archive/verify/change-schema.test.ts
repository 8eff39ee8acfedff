import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltArchive,
  buildArchive,
  opened,
  sentences,
  verdictAfter,
  verifyInProcess,
} from './attacked-archive.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(10);
});
afterAll(() => archive.remove());

function itemsOf(type: string): string[] {
  const sqlite = opened(archive);
  const names = sqlite
    .prepare<[string], string>('SELECT name FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL')
    .pluck()
    .all(type);
  sqlite.close();
  return names;
}

/** Returns the faults that `verify` finds after a change of the schema, triggers included. */
function foundAfter(attack: (sqlite: Database) => void): string {
  const sqlite = opened(archive);
  sqlite.unsafeMode(true);
  attack(sqlite);
  sqlite.unsafeMode(false);
  // This connection reads the schema again, as `verify` does.
  const attacked = opened({ bytes: sqlite.serialize() });
  sqlite.close();
  const found = sentences(verifyInProcess(attacked));
  attacked.close();
  return found;
}

describe('the verification of the schema', () => {
  it('reports each trigger, index and view that was dropped', () => {
    for (const type of ['trigger', 'index', 'view'])
      for (const name of itemsOf(type))
        expect(foundAfter((sqlite) => sqlite.exec(`DROP ${type} ${name}`))).toContain(`the ${type} ${name} is missing`);
  });

  it('reports each table that was dropped', () => {
    const tables = itemsOf('table').filter((name) => !/^(sqlite_|outputs_fts_)/.test(name));
    for (const name of tables) {
      const found = foundAfter((sqlite) => {
        sqlite.pragma('foreign_keys = OFF');
        sqlite.exec(`DROP TABLE ${name}`);
      });
      expect(found).toContain(`the table ${name} is missing`);
    }
  });

  it('reports a trigger, view or index that was replaced by a different one', () => {
    expect(
      foundAfter((sqlite) =>
        sqlite.exec(`DROP TRIGGER revisions_are_not_deleted;
          CREATE TRIGGER revisions_are_not_deleted BEFORE DELETE ON revisions BEGIN SELECT 1; END;`),
      ),
    ).toContain('the trigger revisions_are_not_deleted differs from what this version makes');
    expect(
      foundAfter((sqlite) => sqlite.exec('DROP VIEW plugin_runs; CREATE VIEW plugin_runs AS SELECT 1 AS status')),
    ).toContain('the view plugin_runs differs from what this version makes');
    expect(
      foundAfter((sqlite) =>
        sqlite.exec(`DROP INDEX invocations_status; CREATE INDEX invocations_status ON invocations (status)`),
      ),
    ).toContain('the index invocations_status differs from what this version makes');
  });

  it('reports a table whose definition was changed', () => {
    const found = foundAfter((sqlite) => {
      sqlite.pragma('writable_schema = ON');
      sqlite.exec(`UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'runs'`);
    });
    expect(found).toContain('the table runs differs from what this version makes');
  });

  it('reports an index that was made to miss a row', () => {
    const found = foundAfter((sqlite) => {
      sqlite.pragma('writable_schema = ON');
      const text = sqlite.prepare("SELECT sql FROM sqlite_schema WHERE name = 'invocations_document'").pluck().get();
      sqlite.exec(`DROP INDEX invocations_document;
        CREATE INDEX invocations_document ON invocations (document_name, requested_at) WHERE instance_id = 'none';`);
      sqlite.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = 'invocations_document'").run(text);
      sqlite.pragma('writable_schema = RESET');
    });
    expect(found).toMatch(/row \d+ missing from index invocations_document/);
  });
});

describe('a trigger that does not belong to ssm-archive', () => {
  it('is reported, on any table or view', () => {
    const found = foundAfter((sqlite) =>
      sqlite.exec('CREATE TRIGGER mine AFTER INSERT ON invocations BEGIN DELETE FROM coverage; END'),
    );
    expect(found).toBe('the trigger mine does not belong to ssm-archive');
  });
});

describe('tables, indexes and views that a user has added', () => {
  it('are not reported', () => {
    const found = foundAfter((sqlite) =>
      sqlite.exec('CREATE TABLE mine (a); CREATE INDEX mine_a ON mine (a); CREATE VIEW mine_v AS SELECT * FROM mine'),
    );
    expect(found).toBe('');
  });
});

describe('an archive that ssm-archive has made', () => {
  it('is intact after its triggers were dropped and made again unchanged', () => {
    expect(sentences(verdictAfter(archive, () => {}))).toBe('');
  });
});
