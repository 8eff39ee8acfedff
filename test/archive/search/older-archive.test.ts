import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { countUnsearchable } from '../../../src/archive/figures/count-unsearchable.ts';
import { migrateArchive } from '../../../src/archive/file/migrate-archive.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { checkDerived } from '../../../src/archive/verify/check-derived.ts';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import { runHere } from '../../cli/run-here.ts';
import { archiveBefore } from '../../db/archive-before.ts';
import { rowsOf, tempFolder } from '../../db/temp-archive.ts';
import { asUtf16 } from './written-utf16.ts';

const OUTPUTS = 4500;
/** The numbers of the UTF-16 outputs: one in the first batch, and two in the last. */
const UTF16 = [7, 4400, 4499];

const outputText = (n: number) => (UTF16.includes(n) ? asUtf16(`Access denied to disk ${n}\r\n`) : `plain disk ${n}\n`);

/** Fills the index as earlier versions did: each text except the last is searchable, but not decoded. */
function fill(sqlite: Database): void {
  const add = sqlite.prepare('INSERT INTO outputs (id, sha256, text, size_bytes) VALUES (?, ?, ?, ?)');
  sqlite.transaction(() => {
    for (let n = 1; n <= OUTPUTS; n++)
      add.run(n, createHash('sha256').update(outputText(n)).digest(), outputText(n), Buffer.byteLength(outputText(n)));
    sqlite.exec(`INSERT INTO outputs_fts (rowid, text) SELECT id, text FROM outputs WHERE id < ${OUTPUTS}`);
  })();
}

async function migrated(): Promise<ArchiveDb> {
  const path = join(tempFolder(), 'archive.db');
  archiveBefore(path, '0012_search_utf16', fill);
  await migrateArchive(path, { say() {}, signal: new AbortController().signal });
  const db = openArchive(path);
  onTestFinished(() => db.close());
  return db;
}

const found = ({ sqlite }: ArchiveDb, match: string) =>
  sqlite.prepare('SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ? ORDER BY rowid').pluck().all(match);

it('an archive of an older version finds the same outputs as before at once, and says how many outputs it may miss', async () => {
  const db = await migrated();
  expect(found(db, '"plain disk"')).toHaveLength(OUTPUTS - 1 - UTF16.length);
  expect(countUnsearchable(db.sqlite)).toBe(OUTPUTS);
  expect(checkDerived(db.sqlite)).toEqual([]);
});

it('indexing an archive of an older version makes its UTF-16 outputs searchable, in batches that may be interrupted, and leaves all others as they were', async () => {
  const db = await migrated();
  const stopping = new AbortController();
  const first = indexOutputs(db.sqlite, stopping.signal);
  await new Promise(setImmediate);
  stopping.abort();
  await first;
  expect(countUnsearchable(db.sqlite)).toBeGreaterThan(0);
  expect(countUnsearchable(db.sqlite)).toBeLessThan(OUTPUTS);
  expect(checkDerived(db.sqlite)).toEqual([]);

  await indexOutputs(db.sqlite);
  expect(countUnsearchable(db.sqlite)).toBe(0);
  expect(rowsOf(db, 'outputs_to_decode')).toEqual([]);
  expect(found(db, '"access denied"')).toEqual(UTF16);
  expect(found(db, '"plain disk"')).toHaveLength(OUTPUTS - UTF16.length);
  expect(rowsOf(db, 'outputs').map(({ text }) => text)).toEqual(
    Array.from({ length: OUTPUTS }, (_, n) => outputText(n + 1)),
  );
  expect(checkDerived(db.sqlite)).toEqual([]);
  expect(() =>
    db.sqlite.exec("INSERT INTO outputs_fts (outputs_fts, rank) VALUES ('integrity-check', 1)"),
  ).not.toThrow();
});

it('`migrate` leaves no output undecoded, so that `sql` finds all outputs even in a copy that no pass uses', async () => {
  const folder = tempFolder();
  const env = { SSM_ARCHIVE_DB: join(folder, 'archive.db') };
  archiveBefore(env.SSM_ARCHIVE_DB, '0012_search_utf16', fill);
  const migration = await runHere(folder, ['migrate'], env);
  expect(migration).toMatchObject({ exitCode: 0 });
  expect(migration.stderr).toContain('Making the remaining outputs searchable');
  const sql = 'SELECT count(*) AS n FROM outputs_fts WHERE outputs_fts MATCH \'"access denied"\'';
  expect(await runHere(folder, ['sql', '--format', 'ndjson', sql], env)).toMatchObject({
    stdout: `{"n":${UTF16.length}}\n`,
  });
});
