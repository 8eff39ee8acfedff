import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInvocationChecker } from '../../../../src/archive/verify/check-invocation.ts';
import { mayBeInexact } from '../../../../src/archive/verify/inexact-columns.ts';
import { fitsTexts } from '../../../../src/archive/verify/leaves/fits-texts.ts';
import { readRevisions } from '../../../../src/archive/verify/leaves/read-revisions.ts';
import { createBatchReader } from '../../../../src/ledger/entries/create-batch-reader.ts';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../../../src/model/members.ts';
import { type BuiltArchive, buildArchive, opened } from '../attacked-archive.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130, { isPruned: false });
});
afterAll(() => archive.remove());

/** Values that read or look like others: ends by NUL, other types, integers beyond 2^53, quotes, bytes that are not UTF-8. */
const LIKE_IT = [
  'column || char(0)',
  "column || char(0) || 'x'",
  'char(0) || column',
  "column || '\"'",
  "column || ',null'",
  "'[' || column || ']'",
  "replace(column, '\"', char(92) || '\"')",
  "column || CAST(x'ff' AS TEXT)",
  'column || char(65533)',
  'upper(column)',
  "column || ' '",
  'CAST(column AS BLOB)',
  'CAST(column AS TEXT)',
  'NULL',
  "''",
  "'null'",
  '0',
  '1',
  '-0.0',
  'column + 7',
  '9007199254740993',
  '9e999',
];
const COLUMNS = [
  ...[...membersOf(INVOCATION_MEMBERS).map(({ column }) => column), 'changed_at', 'first_seen_at'].map((column) => ({
    table: 'invocations',
    key: 'id',
    column,
  })),
  ...[...membersOf(STEP_MEMBERS).map(({ column }) => column), 'position', 'is_skipped', 'is_output_pruned'].map(
    (column) => ({ table: 'plugins', key: 'invocation_id', column }),
  ),
];

/** What both ways say of the revisions of an archive, or of one invocation. */
function judge(sqlite: Database, only?: number) {
  const readBatch = createBatchReader(sqlite);
  const check = createInvocationChecker(sqlite);
  const last = Number(sqlite.prepare('SELECT max(seq) FROM revisions').pluck().get());
  const found = { revisions: 0, unsure: 0, faults: 0, missed: [] as string[] };
  for (const row of readRevisions(sqlite, 0, last)) {
    if (only !== undefined && row.invocationId !== only) continue;
    const state = readBatch(row.batchId).states[row.line] ?? '';
    const slow = { faults: [] as string[], outputs: new Set<string>() };
    const fault = (what: string) => slow.faults.push(what);
    check({ ...row, isWithoutOutputs: false }, state, { outputs: slow.outputs, fault });
    const outputs = new Set<string>();
    const fits = fitsTexts(row, state, outputs);
    found.revisions += 1;
    found.unsure += Number(!fits && !mayBeInexact(state));
    found.faults += slow.faults.length;
    if (fits) found.missed.push(...slow.faults);
    if (fits) expect(outputs).toEqual(slow.outputs);
  }
  return found;
}

describe('the comparison of whole rows as texts', () => {
  it('is enough for all revisions of an archive with odd members but those with half a character, and names the same outputs', () => {
    const found = judge(opened(archive));
    expect(found).toMatchObject({ faults: 0, missed: [], unsure: 0 });
    expect(found.revisions).toBeGreaterThan(100);
  });

  it.each(COLUMNS)(
    'never takes a changed $column of $table for right, if the comparison by member finds a fault',
    ({ table, key, column }) => {
      const sqlite = opened(archive);
      const ids = sqlite.prepare('SELECT invocation_id FROM plugins GROUP BY 1 ORDER BY count(*) DESC LIMIT 3').pluck();
      let changed = 0;
      for (const id of ids.all().map(Number)) {
        for (const value of LIKE_IT.map((sql) => sql.replaceAll('column', column))) {
          sqlite.exec('SAVEPOINT attack');
          try {
            sqlite.prepare(`UPDATE ${table} SET ${column} = ${value} WHERE ${key} = ?`).run(id);
            const found = judge(sqlite, id);
            expect(found.missed).toEqual([]);
            changed += found.faults;
          } catch (error) {
            // The table refuses a value of another type, or one that another row has.
            if (!String(error).includes('SqliteError')) throw error;
          }
          sqlite.exec('ROLLBACK TO attack; RELEASE attack');
        }
      }
      expect(changed).toBeGreaterThan(0);
    },
  );
});
