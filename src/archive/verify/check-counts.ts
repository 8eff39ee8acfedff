import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { addFault, type Fault } from './fault.ts';
import { countLakeOnly } from './sealed/sealed-seqs.ts';

const MOST_NAMED = 10;

/** Sums over the parts of the verification that checked leaves. */
export interface CountedLeaves {
  size: number;
  revisions: number;
  pruned: number;
  /** How many leaves have no row and may have it in the lake. */
  sealed: number;
  batchStates: number;
}

/** Finds rows without a leaf, and duplicate rows. */
export function checkCounts(
  sqlite: Database,
  { size, revisions, pruned, sealed, batchStates }: CountedLeaves,
): Fault[] {
  const faults: Fault[] = [];
  const numbers = (sql: string) => sqlite.prepare(`${sql} LIMIT ${MOST_NAMED}`).pluck().all().map(Number);
  const beginnings = numbers("SELECT seq FROM main.ledger_entries WHERE kind = 'ledger'");
  if (beginnings.length === 0)
    return [{ what: 'the rows of the archive are not in its ledger yet: run "ssm-archive ingest" once' }];
  const tiles = tileStore(sqlite).size();
  if (tiles !== size) addFault(faults, `ledger_tiles has ${tiles} leaves, but the file can only have ${size}`);
  const last = Math.max(
    ...['revisions', 'ledger_entries'].flatMap((table) => numbers(`SELECT coalesce(max(seq), 0) FROM main.${table}`)),
  );
  if (last > size)
    addFault(
      faults,
      `ledger_tiles has ${size} leaves, but the rows go up to number ${last}: tiles are missing, or rows were added`,
    );
  for (const table of ['revisions', 'ledger_entries']) {
    const beyond = numbers(`SELECT seq FROM main.${table} WHERE seq > ${size} OR seq < 1`);
    for (const seq of beyond) addFault(faults, `row ${seq} of ${table} has no leaf in the ledger`);
  }
  const twice = numbers('SELECT seq FROM main.ledger_entries WHERE seq IN (SELECT seq FROM main.revisions)');
  for (const seq of twice) addFault(faults, `number ${seq} is both a revision and an entry of the ledger`, seq - 1);
  const entries = Number(
    sqlite.prepare(`SELECT count(*) FROM main.ledger_entries WHERE seq BETWEEN 1 AND ${size}`).pluck().get(),
  );
  if (revisions + entries + pruned + sealed !== size)
    addFault(
      faults,
      `the ledger has ${size} leaves, but the file has ${revisions} revisions, ${entries} other entries and ${pruned} pruned entries${sealed === 0 ? '' : `, and ${sealed} that may be in the lake`}`,
    );
  const { leaves } = countLakeOnly(sqlite);
  if (leaves !== sealed)
    addFault(
      faults,
      `sealed_days says that the rows of ${leaves} leaves are in the lake alone, but the file lacks the rows of ${sealed}: "ssm-archive verify --lake" says which`,
    );
  if (batchStates !== revisions)
    addFault(faults, `revision_pages has ${batchStates} states for ${revisions} revisions`);
  const unused = numbers(
    `SELECT id FROM main.revision_pages WHERE id NOT IN (SELECT page_id FROM main.revisions)
        AND id NOT IN (SELECT page_id FROM main.pruned_pages) AND id NOT IN (SELECT page_id FROM main.sealed_pages)`,
  );
  for (const id of unused) addFault(faults, `state batch ${id} belongs to no revision`);
  if (beginnings.length > 1) addFault(faults, `the ledger has ${beginnings.length} first entries`);
  return faults;
}
