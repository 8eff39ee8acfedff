import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../lib/json/canonical-json.ts';
import { createLedger } from './create-ledger.ts';
import { createBatchReader } from './entries/create-batch-reader.ts';
import { type ForgottenFacts, forgottenEntry, revisionEntry, rowEntry, type TableRow } from './entries/entries.ts';
import { REVISION_COLUMNS, type RevisionRow } from './entries/revision-row.ts';
import { tileStore } from './tiles/tile-store.ts';
import { appendLeaves } from './tree/append-leaves.ts';
import { hashLeaf } from './tree/hash-leaf.ts';

/** How many of an older archive's revisions have been added to the ledger. */
export interface BringInProgress {
  leaves: number;
  of: number;
}

/** Adding this many revisions is a transaction of a second or two. Other writers wait no longer than that. */
const REVISIONS_AT_ONCE = 50_000;
/**
 * The entry with the version of the ledger's content. It is the first entry, or the first one after the revisions of an
 * older archive.
 */
const BEGINNING = '{"kind":"ledger","version":1}';
/** The tables whose rows become entries of the ledger. The rows of each table are added in the order of their keys. */
export const LEDGER_TABLES = [
  'commands',
  'command_senders',
  'runs',
  'run_sources',
  'sweeps',
  'holds',
  'owed_sources',
  'archive_numbers',
  'lake_claims',
] as const;

/**
 * Adds everything to the ledger that an earlier version without a ledger stored: all revisions in order, and then the
 * rows of other tables. Does nothing if everything is in the ledger already. It can be interrupted at any time; the
 * next call continues where it stopped.
 */
export function bringIntoLedger(sqlite: Database, onProgress: (progress: BringInProgress) => void = () => {}): void {
  if (hasBegun(sqlite)) return;
  const lastRevision = sqlite.prepare<[], number | null>('SELECT max(seq) FROM revisions').pluck();
  const addSome = sqlite.transaction(() => (hasBegun(sqlite) ? 0 : addRevisions(sqlite)));
  let added: number;
  do {
    added = addSome.immediate();
    if (added > 0) onProgress({ leaves: tileStore(sqlite).size(), of: lastRevision.get() ?? 0 });
  } while (added > 0);
  sqlite
    .transaction(() => {
      if (hasBegun(sqlite)) return;
      const ledger = createLedger(sqlite);
      ledger.add('ledger', [BEGINNING]);
      for (const table of LEDGER_TABLES) ledger.add('row', entriesOf(sqlite, table));
      sqlite.exec(STATES_OF_COMMANDS);
      ledger.add('coverage', coverageEntry(sqlite));
      ledger.add('forgotten', forgottenEntries(sqlite));
    })
    .immediate();
}

function hasBegun(sqlite: Database): boolean {
  return sqlite.prepare("SELECT 1 FROM ledger_entries WHERE kind = 'ledger' LIMIT 1").get() !== undefined;
}

/** Adds the next revisions that have no leaf yet, and returns how many it added. */
function addRevisions(sqlite: Database): number {
  const tiles = tileStore(sqlite);
  const size = tiles.size();
  const rows = sqlite
    .prepare<[number, number], RevisionRow>(
      `SELECT ${REVISION_COLUMNS} FROM revisions r JOIN invocations i ON i.id = r.invocation_id WHERE r.seq > ? ORDER BY r.seq LIMIT ?`,
    )
    .all(size, REVISIONS_AT_ONCE);
  const readBatch = createBatchReader(sqlite);
  const leaves = rows.map((row, n) => {
    const { seq, batchId, line } = row;
    if (seq !== size + n + 1) throw new Error(`The revision ${size + n + 1} is missing: restore the newest backup.`);
    const batch = readBatch(batchId);
    const state = batch.states[line];
    if (state === undefined) throw new Error(`State batch ${batchId} has no line ${line}.`);
    return hashLeaf(revisionEntry(row, batch, state));
  });
  appendLeaves(tiles, size, leaves);
  return rows.length;
}

/** Every command was brought in once. Its entry is the first of its states. */
const STATES_OF_COMMANDS = `INSERT INTO command_states (seq, account_id, region, command_id, observed_at, seen_in, status,
    status_details, target_count, completed_count, error_count, delivery_timed_out_count)
  SELECT e.seq, c.account_id, c.region, c.command_id, coalesce(c.changed_at, c.first_seen_at),
         iif(c.fingerprint IS NULL, 'ListCommandInvocations', 'ListCommands'), c.status, c.status_details, c.target_count,
         c.completed_count, c.error_count, c.delivery_timed_out_count
    FROM ledger_entries e JOIN commands c ON c.account_id = e.entry_json ->> '$.row.account_id'
     AND c.region = e.entry_json ->> '$.row.region' AND c.command_id = e.entry_json ->> '$.row.command_id'
   WHERE e.kind = 'row' AND e.entry_json ->> '$.table' = 'commands'`;

/** The row of a pass or sweep that is still running is left out here. It is added when the pass or sweep ends. */
function entriesOf(sqlite: Database, table: (typeof LEDGER_TABLES)[number]): string[] {
  const isEnded = table === 'runs' || table === 'sweeps' ? "WHERE outcome <> 'running'" : '';
  return sqlite
    .prepare<[], TableRow>(`SELECT * FROM ${table} ${isEnded}`)
    .all()
    .map((row) => rowEntry(table, row));
}

/**
 * An entry with the spans that were covered before there was a ledger: the rows of the sweeps do not contain these
 * spans.
 */
function coverageEntry(sqlite: Database): string[] {
  const spans = sqlite
    .prepare(
      `SELECT account_id AS accountId, region, from_at AS fromAt, to_at AS toAt FROM coverage
        ORDER BY account_id, region, from_at`,
    )
    .all();
  return spans.length === 0 ? [] : [canonicalJson({ kind: 'coverage', spans })];
}

function forgottenEntries(sqlite: Database): string[] {
  return sqlite
    .prepare<[], ForgottenFacts>(
      `SELECT account_id AS accountId, region, command_id AS commandId, forgotten_at AS at FROM unfinished_commands
        WHERE forgotten_at IS NOT NULL ORDER BY account_id, region, command_id`,
    )
    .all()
    .map(forgottenEntry);
}
