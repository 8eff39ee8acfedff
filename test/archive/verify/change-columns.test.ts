import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltArchive,
  buildArchive,
  opened,
  sentences,
  verdictAfter,
  verifyInProcess,
} from './attacked-archive.ts';
import { columnsOf, duplicateRow, isCovered, NOT_COVERED, rowsOf, someRows, tablesOf } from './tables.ts';

/** For each table, how a fault names what was changed. */
const NAMES: Readonly<Record<string, RegExp>> = {
  __drizzle_migrations: /__drizzle_migrations/,
  command_senders: /command_senders .*row \["/,
  command_states: /state \d+ of command |command_states lacks the state of entry \d+|commands has a row \["/,
  commands: /state \d+ of command .*: commands|commands has a row \["/,
  coverage: /coverage (has|lacks) the span \["/,
  daily_counts: /daily_counts has the wrong number of invocations for \[/,
  decoded_outputs: /decoded_outputs is wrong about output \d+/,
  full_outputs: /full output \d+ |full_outputs lacks the output of entry \d+/,
  holds: /holds .*row \[\d/,
  invocations: /revision \d+ of \d{12}!?, .*command .* on i-|invocation \d+|its invocation, number/,
  lake_claims: /lake_claims .*row \["/,
  ledger_checkpoints: /the checkpoint of \d+ leaves/,
  ledger_cosignatures: /the cosignature by .* of the checkpoint of \d+ leaves/,
  ledger_entries: /entry \d+ of the ledger|row \d+, which is missing|row \d+ of ledger_entries/,
  ledger_tiles: /ledger_tiles|does not match leaf \d+ of the ledger|tile \d+ of level \d+/,
  owed_sources: /owed_sources .*row \[\d/,
  outputs: /output \d+|output with SHA-256|a row of outputs that is missing/,
  outputs_fts_docsize: /output \d+/,
  plugins: /revision \d+ of \d{12}, .*command .* on i-.*: plugins/,
  pruned_leaves: /pruned_leaves|tombstone|was pruned/,
  pruned_pages: /pruned_pages|state batch \d+/,
  revision_pages: /state batch \d+|revision \d+ of/,
  revisions: /revision \d+ |row \d+, which is missing|row \d+ of revisions/,
  run_sources: /run_sources .*row \[\d/,
  runs: /runs .*row \[\d/,
  short_commands: /short_commands does not have .* \["/,
  sqlite_stat1: /sqlite_stat1/,
  state_dictionaries: /dictionary/,
  sweeps: /sweeps .*row \[\d/,
  unfinished_commands: /unfinished_commands .*\["/,
};

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130);
});
afterAll(() => archive.remove());

describe('the archive before any attack', () => {
  it('is intact, with more leaves than a tile has, several packs and all of its checkpoints', () => {
    const sqlite = opened(archive);
    const verdict = verifyInProcess(sqlite);
    expect(sentences(verdict)).toBe('');
    expect(verdict).toMatchObject({ verdict: 'consistent', checkpoints: 4 });
    expect(verdict.size).toBeGreaterThan(256);
    expect(sqlite.prepare('SELECT count(*) > 5 FROM revision_pages').pluck().get()).toBe(1);
    sqlite.close();
  });

  it('has rows to attack in every table', () => {
    const sqlite = opened(archive);
    const tables = tablesOf(sqlite).filter((table) => isCovered(table));
    expect(tables.filter((table) => someRows(sqlite, table).length === 0)).toEqual(['sqlite_stat4']);
    expect(tables.filter((table) => table !== 'sqlite_stat4')).toEqual(Object.keys(NAMES).sort());
    const all = tablesOf(sqlite).flatMap((table) => [
      `${table}.*`,
      ...columnsOf(sqlite, table).map(({ column }) => `${table}.${column}`),
    ]);
    expect(Object.keys(NOT_COVERED).filter((name) => !all.includes(name))).toEqual(['outputs_fts.*']);
    sqlite.close();
  });
});

describe.each(Object.entries(NAMES))('the table %s', (table, names) => {
  it('is not intact if one column of a row was changed, and `verify` names the row', () => {
    const sqlite = opened(archive);
    const rows = rowsOf(sqlite, table);
    const row = rows[Math.floor(rows.length / 2)];
    const columns = columnsOf(sqlite, table).filter(({ column }) => isCovered(table, column));
    sqlite.close();
    for (const { column, type } of columns) {
      const other = {
        TEXT: `coalesce(${column}, '') || '!'`,
        INTEGER: `coalesce(${column}, 0) + 1000`,
        BLOB: `CAST(x'01' || coalesce(${column}, x'') AS BLOB)`,
      }[type || 'TEXT'];
      const verdict = verdictAfter(archive, (attacked) => {
        const { changes } = attacked
          .prepare(`UPDATE OR REPLACE ${table} SET ${column} = ${other} WHERE rowid = ?`)
          .run(row);
        expect(changes).toBe(1);
      });
      expect(sentences(verdict), `${table}.${column} of row ${row}`).toMatch(names);
      expect(verdict.verdict).toBe('not-intact');
    }
  });

  it('is not intact if a row was removed, and `verify` names the row', () => {
    const sqlite = opened(archive);
    const rows = someRows(sqlite, table);
    sqlite.close();
    for (const row of rows) {
      const verdict = verdictAfter(archive, (attacked) => {
        attacked.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(row);
      });
      expect(sentences(verdict), `${table} without row ${row}`).toMatch(names);
      expect(verdict.verdict).toBe('not-intact');
    }
  });

  it('is not intact if a row was made up, and `verify` names the row', () => {
    const sqlite = opened(archive);
    const [row = 0] = rowsOf(sqlite, table);
    sqlite.close();
    const verdict = verdictAfter(archive, (attacked) => duplicateRow(attacked, table, row));
    expect(sentences(verdict)).toMatch(names);
    expect(verdict.verdict).toBe('not-intact');
  });
});
