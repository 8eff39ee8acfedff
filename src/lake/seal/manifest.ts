import type { Database } from 'better-sqlite3';
import { readCoverage, type SourceCoverage } from '../../archive/coverage/read-coverage.ts';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { packageVersion } from '../../lib/process/package-root.ts';
import { sha256 } from '../../lib/sha256.ts';
import { dayAfter } from '../../lib/time.ts';
import { SCHEMA_VERSION } from '../tables/object-key.ts';
import type { DayFacts } from './day-facts.ts';
import type { MonthObject } from './months/written-month.ts';
import type { DayStatement } from './stage-task.ts';
import { countUnfetchedOfDay, countUnfinishedOfDay, listUnfinishedOfDay } from './unfinished-of-day.ts';

/** A manifest names so many runs without an end. The table of invocations has them all. */
const MOST_UNFINISHED = 10_000;

export interface ManifestFacts {
  /** The archive's number. */
  archive: number;
  day: string;
  generation: number;
  treeSize: number;
  objects: readonly SealedObject[];
  /** The commands of months that were written with the day. */
  commands: readonly MonthObject[];
  /** When something of the day changed first and last, and which ids and leaves it has. */
  facts: DayFacts;
  statement: DayStatement;
}

/** What is said of a sealed day, as canonical JSON, and the SHA-256 of it in hex. */
export interface Manifest {
  json: string;
  sha256: string;
}

/** Makes the manifest of a day. It says in words what no row says: what was never collected, and what never ended. */
export function makeManifest({
  archive,
  day,
  generation,
  treeSize,
  objects,
  commands,
  facts,
  statement,
}: ManifestFacts): Manifest {
  const json = canonicalJson({
    ...{ schema: SCHEMA_VERSION, archive, day, generation, treeSize, objects, commands, facts, ...statement },
    madeBy: `ssm-archive ${packageVersion()}`,
  });
  return { json, sha256: sha256(json).toString('hex') };
}

/** Reads what the manifest of a day says, at the moment at which its rows are read. */
export function stateDay(
  sqlite: Database,
  day: string,
  { nowMs, settlingMs }: { nowMs: number; settlingMs: number },
): DayStatement {
  const [from, to] = [Date.parse(`${day}T00:00:00.000Z`), Date.parse(`${dayAfter(day)}T00:00:00.000Z`)];
  const counts = sqlite
    .prepare(
      `SELECT account_id AS accountId, region, document_name AS documentName, status, status_details AS statusDetails,
              invocations FROM main.daily_counts WHERE day = ? AND invocations > 0 ORDER BY 1, 2, 3, 4, 5`,
    )
    .all(day);
  return {
    counts,
    coverage: readCoverage(sqlite, { nowMs, settlingMs, from, to }).map(coverageOf),
    unfinished: {
      total: countUnfinishedOfDay(sqlite, day),
      runs: listUnfinishedOfDay(sqlite, day, MOST_UNFINISHED),
    },
    unfetched: countUnfetchedOfDay(sqlite, day),
  };
}

function coverageOf({ alias, accountId, region, isComplete, gaps, edges, forgottenCommands }: SourceCoverage) {
  return { alias, accountId, region, isComplete, gaps, edges, forgottenCommands };
}
