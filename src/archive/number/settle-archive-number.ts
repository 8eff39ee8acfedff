import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { readArchiveNumber } from './read-archive-number.ts';

/**
 * Compares the number in the configuration with that of the archive. An archive that has never had an invocation gets
 * the number: it is in the ids of all invocations, so it can't change later. If none is configured, the archive keeps
 * what it has. Throws UserFault if the two differ.
 */
export function settleArchiveNumber(sqlite: Database, wanted: number | undefined, at: string): void {
  if (wanted === undefined || wanted === readArchiveNumber(sqlite)) return;
  sqlite
    .transaction(() => {
      const number = readArchiveNumber(sqlite);
      if (wanted === number) return;
      if (isNumbered(sqlite) || hasHadInvocations(sqlite)) throw otherNumber(sqlite.name, number, wanted);
      sqlite.prepare('INSERT INTO archive_numbers (id, number, set_at) VALUES (1, ?, ?)').run(wanted, at);
      createLedger(sqlite).add('row', [rowEntry('archive_numbers', readRow(sqlite, 'archive_numbers', { id: 1 }))]);
    })
    .immediate();
}

function isNumbered(sqlite: Database): boolean {
  return sqlite.prepare('SELECT 1 FROM main.archive_numbers').get() !== undefined;
}

/** Invocations that were sealed or pruned had ids too. */
function hasHadInvocations(sqlite: Database): boolean {
  return ['invocations', 'revisions', 'sealed_days', 'pruned_leaves'].some(
    (table) => sqlite.prepare(`SELECT 1 FROM main.${table} LIMIT 1`).get() !== undefined,
  );
}

function otherNumber(path: string, number: number, wanted: number): UserFault {
  return new UserFault(
    `The configuration says that this is archive ${wanted}, and ${path} is archive ${number}. The number of an archive is in the ids of its invocations, so it is set once, before the first of them. Set number in archive.yaml, or SSM_ARCHIVE_NUMBER, to ${number}, or leave it out; or point --db or SSM_ARCHIVE_DB at another archive, or at a new file.`,
    { exitCode: 2 },
  );
}
