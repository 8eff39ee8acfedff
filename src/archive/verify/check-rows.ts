import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { LEDGER_TABLES } from '../../ledger/bring-in.ts';
import { plainRow, type TableRow } from '../../ledger/entries/entries.ts';
import { SealedEntry } from '../../ledger/entries/sealed-entry.ts';
import { Tombstone } from '../../ledger/entries/tombstone.ts';
import { Continuation } from '../../ledger/notes/continuation.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span } from '../../model/coverage/spans.ts';
import { checkCommands } from './check-commands.ts';
import { checkFullOutputs } from './check-full-outputs.ts';
import { addFault, type Fault } from './fault.ts';
import { inexactColumns, isAmbiguous } from './inexact-columns.ts';

type LedgerTable = (typeof LEDGER_TABLES)[number];

const KEYS: Readonly<Record<LedgerTable, readonly string[]>> = {
  commands: ['account_id', 'region', 'command_id'],
  command_senders: ['account_id', 'region', 'command_id'],
  runs: ['id'],
  run_sources: ['run_id', 'alias', 'region'],
  sweeps: ['id'],
  holds: ['id'],
  owed_sources: ['id'],
  archive_numbers: ['id'],
  lake_claims: ['account_id', 'region'],
};
/** Passes and sweeps that are still running have no entry in the ledger yet. */
const ENDED: Partial<Record<LedgerTable, string>> = { runs: "outcome <> 'running'", sweeps: "outcome <> 'running'" };

const SpanForm = z.object({ fromAt: z.string(), toAt: z.string() });
const Place = z.object({ accountId: z.string(), region: z.string() });
const Entry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('row'),
    table: z.enum(LEDGER_TABLES),
    row: z.record(z.string(), z.unknown()),
    covered: z.array(SpanForm).default([]),
  }),
  z.object({
    kind: z.literal('command'),
    ...Place.shape,
    commandId: z.string(),
    state: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('output'), ...Place.shape, commandId: z.string(), instanceId: z.string() }),
  z.object({ kind: z.literal('coverage'), spans: z.array(SpanForm.extend(Place.shape)) }),
  z.object({ kind: z.enum(['forgotten', 'remembered']), ...Place.shape, commandId: z.string(), at: z.string() }),
  z.object({ kind: z.enum(['key', 'witness']), verifierKey: z.string(), at: z.string() }),
  z.object({ kind: z.literal('cosignature'), size: z.number(), witness: z.string(), signature: z.string() }),
  z.object({ kind: z.literal('checkpoint'), at: z.string() }),
  Continuation,
  z.object({ kind: z.literal('ledger'), version: z.number() }),
  Tombstone,
  SealedEntry,
]);

/** What the tables must contain according to all entries of the ledger. */
interface Replayed {
  /** By table and key: the `seq` of the last entry about each row. */
  rows: Map<LedgerTable, Map<string, number>>;
  /** The covered spans by account and region. */
  covered: Map<string, Span[]>;
  /** By account, region and command: when the service forgot the command. */
  forgotten: Map<string, string>;
}

/**
 * Compares the tables whose rows are in the ledger, and the tables that follow from these rows, with the ledger's
 * entries.
 */
export function checkRows(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const replayed = replay(sqlite, faults);
  for (const table of LEDGER_TABLES) {
    // A command is compared with its states: an entry of the ledger no longer has its whole row.
    if (table === 'commands') faults.push(...checkCommands(sqlite));
    else checkTable(sqlite, table, replayed.rows.get(table) ?? new Map(), faults);
  }
  faults.push(...checkFullOutputs(sqlite));
  checkCoverage(sqlite, replayed.covered, faults);
  checkForgotten(sqlite, replayed.forgotten, faults);
  return faults;
}

function replay(sqlite: Database, faults: Fault[]): Replayed {
  const found: Replayed = { rows: new Map(), covered: new Map(), forgotten: new Map() };
  const entries = sqlite
    .prepare<[], { seq: number; kind: string; entryJson: string }>(
      'SELECT seq, kind, entry_json AS entryJson FROM main.ledger_entries ORDER BY seq',
    )
    .iterate();
  for (const { seq, kind, entryJson } of entries) {
    const entry = parsed(entryJson);
    if (entry?.kind !== kind) {
      addFault(faults, `entry ${seq} of the ledger does not have the form of its kind, ${kind}`, seq - 1);
      continue;
    }
    if (entry.kind === 'row') {
      const ofTable = found.rows.get(entry.table) ?? new Map<string, number>();
      found.rows.set(entry.table, ofTable);
      ofTable.set(rowKey(entry.table, entry.row), seq);
      cover(found.covered, placeKey(entry.row.account_id, entry.row.region), entry.covered);
    } else if (entry.kind === 'coverage') {
      for (const { accountId, region, ...span } of entry.spans)
        cover(found.covered, placeKey(accountId, region), [span]);
    } else if (entry.kind === 'forgotten' || entry.kind === 'remembered') {
      const command = JSON.stringify([entry.accountId, entry.region, entry.commandId]);
      if (entry.kind === 'forgotten') found.forgotten.set(command, entry.at);
      else found.forgotten.delete(command);
    }
  }
  return found;
}

function parsed(json: string) {
  try {
    return Entry.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function rowKey(table: LedgerTable, row: TableRow): string {
  return JSON.stringify(KEYS[table].map((column) => row[column]));
}

function placeKey(accountId: unknown, region: unknown): string {
  return JSON.stringify([accountId, region]);
}

function cover(covered: Map<string, Span[]>, place: string, spans: readonly { fromAt: string; toAt: string }[]): void {
  if (spans.length === 0) return;
  const more = spans.map(({ fromAt, toAt }) => ({ from: Date.parse(fromAt), to: Date.parse(toAt) }));
  covered.set(place, mergeSpans([...(covered.get(place) ?? []), ...more]));
}

function checkTable(sqlite: Database, table: LedgerTable, entries: Map<string, number>, faults: Fault[]): void {
  const entryOf = sqlite.prepare<[number], string>('SELECT entry_json FROM main.ledger_entries WHERE seq = ?').pluck();
  let known = 0;
  const rows = sqlite.prepare<[], TableRow>(`SELECT * FROM main.${table} WHERE ${ENDED[table] ?? 'true'}`).iterate();
  // SQLite allows other reads on the connection while these rows are still being read.
  for (const row of rows) {
    const key = rowKey(table, row);
    const seq = entries.get(key);
    if (seq === undefined) {
      addFault(faults, `${table} has a row ${key} that the ledger does not know`);
      continue;
    }
    known += 1;
    const entry = parsed(entryOf.get(seq) ?? '');
    const kept = entry?.kind === 'row' ? entry.row : {};
    const now = inFormOf(kept, plainRow(row));
    const text = canonicalJson(now);
    const columns =
      text === canonicalJson(kept)
        ? inexactOf(sqlite, table, row, text)
        : Object.keys(now).filter((column) => now[column] !== kept[column]);
    if (columns.length === 0) continue;
    addFault(
      faults,
      `${table} has the row ${key} with values that differ from the ledger: ${columns.join(', ')}`,
      seq - 1,
    );
  }
  if (known === entries.size) return;
  const missing = [...entries].find(([key]) => !isThere(sqlite, table, key));
  if (missing) addFault(faults, `${table} lacks the row ${missing[0]}, or the row has not ended`, missing[1] - 1);
}

/** Leaves out of a row the empty columns that its entry lacks: the table did not have them when the entry was made. */
function inFormOf(kept: TableRow, row: TableRow): TableRow {
  return Object.fromEntries(Object.entries(row).filter(([column, value]) => value !== null || column in kept));
}

function inexactOf(sqlite: Database, table: LedgerTable, row: TableRow, text: string): string[] {
  if (!isAmbiguous(text)) return [];
  return inexactColumns(sqlite, table, Object.fromEntries(KEYS[table].map((column) => [column, row[column]])));
}

function isThere(sqlite: Database, table: LedgerTable, key: string): boolean {
  const where = KEYS[table].map((column) => `${column} IS ?`).join(' AND ');
  const found = sqlite
    .prepare(`SELECT 1 FROM main.${table} WHERE ${where} AND ${ENDED[table] ?? 'true'}`)
    .get(...JSON.parse(key));
  return found !== undefined;
}

function checkCoverage(sqlite: Database, covered: Map<string, Span[]>, faults: Fault[]): void {
  const rows = sqlite
    .prepare<[], { accountId: string; region: string; fromAt: string; toAt: string }>(
      'SELECT account_id AS accountId, region, from_at AS fromAt, to_at AS toAt FROM main.coverage',
    )
    .all();
  const spanOf = (place: string, { from, to }: Span) => `${place} ${isoFromMs(from)} ${isoFromMs(to)}`;
  const proven = new Set([...covered].flatMap(([place, spans]) => spans.map((span) => spanOf(place, span))));
  const said = new Set(
    rows.map(({ accountId, region, fromAt, toAt }) => `${placeKey(accountId, region)} ${fromAt} ${toAt}`),
  );
  for (const span of said)
    if (!proven.has(span)) addFault(faults, `coverage has the span ${span}, which no sweeps prove`);
  for (const span of proven)
    if (!said.has(span)) addFault(faults, `coverage lacks the span ${span}, which sweeps prove`);
}

function checkForgotten(sqlite: Database, forgotten: Map<string, string>, faults: Fault[]): void {
  const rows = sqlite
    .prepare<[], [accountId: string, region: string, commandId: string, at: string]>(
      'SELECT account_id, region, command_id, forgotten_at FROM main.unfinished_commands WHERE forgotten_at IS NOT NULL',
    )
    .raw()
    .all();
  for (const [accountId, region, commandId, at] of rows) {
    const key = JSON.stringify([accountId, region, commandId]);
    if (forgotten.get(key) !== at)
      addFault(faults, `unfinished_commands says that ${key} was forgotten at ${at}, but the ledger does not`);
    forgotten.delete(key);
  }
  for (const key of forgotten.keys())
    addFault(faults, `unfinished_commands does not say that ${key} was forgotten, but the ledger does`);
}
