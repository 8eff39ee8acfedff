import type { Database } from 'better-sqlite3';
import { SealedEntry, type SealedObject } from '../../../ledger/entries/sealed-entry.ts';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { readArchiveNumber } from '../../number/read-archive-number.ts';
import { IS_IN_LAKE, MAY_BE_IN_LAKE } from '../../sealed/day-moves.ts';
import type { SealedDay } from '../../sealed/read-sealed-days.ts';
import { addFault, type Fault } from '../fault.ts';
import { countLakeOnly, DAY_IN_LAKE } from './sealed-seqs.ts';

/** A row of `sealed_days`, as it is stored. */
type Row = Omit<SealedDay, 'objects' | 'isUnsealed' | 'isPruning'> & { objectsJson: string };

/**
 * Compares `sealed_days` with the entries of the ledger about sealed days: each day must have its newest entry, and the
 * counts that follow from its objects. Also compares what is counted of sealed rows: by day, and by command. Reads
 * nothing of the lake.
 */
export function checkSealedDays(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const newest = newestEntries(sqlite, faults);
  const buried = buriedDays(sqlite);
  for (const row of rowsOf(sqlite)) {
    const entry = newest.get(row.day);
    newest.delete(row.day);
    for (const what of burialFaults(row, buried)) addFault(faults, `sealed_days: ${row.day} ${what}`, row.entrySeq - 1);
    if (!entry) addFault(faults, `sealed_days has ${row.day}, which no entry of the ledger says was sealed`);
    else for (const what of differences(row, entry)) addFault(faults, `sealed_days: ${row.day} ${what}`, entry.seq - 1);
  }
  for (const { day, seq } of newest.values())
    addFault(faults, `sealed_days lacks ${day}, which entry ${seq} of the ledger says was sealed`, seq - 1);
  faults.push(...pageFaults(sqlite), ...countFaults(sqlite));
  return faults;
}

type Numbered = SealedEntry & { seq: number };

function newestEntries(sqlite: Database, faults: Fault[]): Map<string, Numbered> {
  const newest = new Map<string, Numbered>();
  const number = readArchiveNumber(sqlite);
  const entries = sqlite
    .prepare<[], { seq: number; json: string }>(
      "SELECT seq, entry_json AS json FROM main.ledger_entries WHERE kind = 'sealed' AND json_valid(entry_json) ORDER BY seq",
    )
    .iterate();
  for (const { seq, json } of entries) {
    // Skip an entry of another form: checkRows reports it.
    const entry = SealedEntry.safeParse(JSON.parse(json)).data;
    if (!entry) continue;
    const before = newest.get(entry.day);
    const tell = (what: string) => addFault(faults, `entry ${seq} of the ledger, about ${entry.day}, ${what}`, seq - 1);
    if (entry.generation !== (before?.generation ?? 0) + 1) tell(`is generation ${entry.generation}, out of order`);
    if (entry.archive !== number) tell(`names archive ${entry.archive}, and this is archive ${number}`);
    if (entry.treeSize >= seq || entry.treeSize < (before?.treeSize ?? 0))
      tell(`was read from a ledger of ${entry.treeSize} leaves, which can't be`);
    newest.set(entry.day, { ...entry, seq });
  }
  return newest;
}

/** The seq of the last tombstone of each entry about a sealed day. */
function buriedDays(sqlite: Database): Map<number, number> {
  const rows = sqlite
    .prepare<[], [entry: number, seq: number]>(
      `SELECT entry_json ->> '$.sealed.entry' AS entry, max(seq) FROM main.ledger_entries
        WHERE kind = 'pruned' AND json_valid(entry_json) AND entry_json ->> '$.sealed.entry' IS NOT NULL GROUP BY 1`,
    )
    .raw()
    .all();
  return new Map(rows);
}

/** A day counts as pruned exactly if a tombstone names its newest entry. */
function* burialFaults({ entrySeq, prunedSeq }: Row, buried: ReadonlyMap<number, number>): Generator<string> {
  const tombstone = buried.get(entrySeq) ?? null;
  if (tombstone === prunedSeq) return;
  if (tombstone === null) yield 'counts as pruned, and no tombstone names its entry';
  else if (prunedSeq === null) yield `counts as in the lake, and tombstone ${tombstone} says that it was pruned`;
  else yield `names tombstone ${prunedSeq}, and its last one is ${tombstone}`;
}

function* differences(row: Row, entry: Numbered): Generator<string> {
  const { objects } = entry;
  if (row.generation !== entry.generation) yield `is generation ${row.generation}, and its entry ${entry.generation}`;
  if (row.entrySeq !== entry.seq) yield `names entry ${row.entrySeq}, and its newest is entry ${entry.seq}`;
  if (row.treeSize !== entry.treeSize) yield `has another tree_size than its entry`;
  if (row.objectsJson !== canonicalJson(objects)) yield `has other objects than its entry`;
  const invocations = rowsIn(objects, ['invocations']);
  const leaves = rowsIn(objects, ['revisions', 'full_outputs']);
  if (row.invocations !== invocations) yield `has ${row.invocations} invocations, and its objects have ${invocations}`;
  if (row.leaves !== leaves) yield `has ${row.leaves} leaves, and its objects have ${leaves}`;
  const isFit =
    (row.lastSeq - row.firstSeq + 1 >= leaves && row.firstSeq >= 1 && row.lastSeq <= row.treeSize) || leaves === 0;
  if (!isFit) yield 'has seqs that can not be those of its leaves';
  if (row.lastId - row.firstId + 1 < invocations) yield 'has ids that can not be those of its invocations';
  if (row.firstChangedAt > row.lastChangedAt) yield 'has a first change after its last one';
}

function rowsIn(objects: readonly SealedObject[], tables: readonly string[]): number {
  return objects.filter(({ table }) => tables.includes(table)).reduce((sum, { rows }) => sum + rows, 0);
}

/** What a batch was before states went to the lake. Prune keeps the same digest of a batch if it comes to it first. */
function pageFaults(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const numbers = (sql: string) => sqlite.prepare<[], number>(`${sql} LIMIT 10`).pluck().all();
  for (const id of numbers(
    'SELECT page_id FROM main.sealed_pages WHERE page_id NOT IN (SELECT id FROM main.revision_pages)',
  ))
    addFault(faults, `sealed_pages has state batch ${id}, which does not exist`);
  for (const id of numbers(
    'SELECT page_id FROM main.sealed_pages s JOIN main.pruned_pages p USING (page_id) WHERE s.original_sha256 <> p.original_sha256',
  ))
    addFault(faults, `sealed_pages names another original for state batch ${id} than pruned_pages`);
  return faults;
}

/** The sums of what is counted. By which status and document the lake's invocations count, only the lake says. */
function countFaults(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const { invocations } = countLakeOnly(sqlite);
  const counted = Number(
    sqlite.prepare('SELECT coalesce(sum(invocations), 0) FROM main.sealed_commands').pluck().get() ?? 0,
  );
  if (counted !== invocations)
    addFault(
      faults,
      `sealed_commands counts ${counted} invocations that are in the lake alone, and sealed_days ${invocations}`,
    );
  const days = sqlite
    .prepare<[], { day: string }>(
      `SELECT s.day FROM main.sealed_days s
        WHERE (SELECT coalesce(sum(d.invocations), 0) FROM main.daily_counts d WHERE d.day = s.day)
              <> iif(${DAY_IN_LAKE}, s.invocations, 0)
                 + (SELECT coalesce(sum((coalesce(substr(i.requested_at, 1, 10), '') = s.day) - (${DAY_IN_LAKE} AND ${IS_IN_LAKE})), 0)
                      FROM main.invocations i WHERE ${MAY_BE_IN_LAKE}) LIMIT 10`,
    )
    .all();
  for (const { day } of days)
    addFault(faults, `daily_counts has the wrong number of invocations for the sealed day ${day}`);
  return faults;
}

function rowsOf(sqlite: Database): Row[] {
  return sqlite
    .prepare<[], Row>(
      `SELECT day, generation, entry_seq AS entrySeq, tree_size AS treeSize, invocations, leaves, first_id AS firstId,
              last_id AS lastId, first_seq AS firstSeq, last_seq AS lastSeq, first_changed_at AS firstChangedAt,
              last_changed_at AS lastChangedAt, objects_json AS objectsJson,
              gone_generation AS goneGeneration, pruned_seq AS prunedSeq FROM main.sealed_days ORDER BY day`,
    )
    .all();
}
