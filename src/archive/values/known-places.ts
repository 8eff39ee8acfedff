import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { type PairIndex, pairsOf } from './index-pairs.ts';
import type { Configured } from './open-filter.ts';
import { hasFewRows } from './rows-at-most.ts';

const PLACE = ['account_id', 'region'] as const;
/** Tables with many rows for an account and region, with the index that begins with these columns. */
const LARGE: readonly PairIndex[] = [
  { table: 'invocations', index: 'invocations_account', columns: PLACE },
  { table: 'coverage', index: 'sqlite_autoindex_coverage_1', columns: PLACE },
  { table: 'commands', index: 'sqlite_autoindex_commands_1', columns: PLACE },
  { table: 'command_senders', index: 'sqlite_autoindex_command_senders_1', columns: PLACE },
  { table: 'unfinished_commands', index: 'sqlite_autoindex_unfinished_commands_1', columns: PLACE },
  {
    ...{ table: 'sealed_values', index: 'sqlite_autoindex_sealed_values_1', columns: PLACE },
    where: "kind = 'place' AND value = ''",
  },
  { table: 'sweeps', index: 'sweeps_failed', columns: PLACE, where: "outcome <> 'complete'" },
];
/** Tables with one or a few rows for each account and region. */
const SMALL = ['owed_sources', 'holds', 'late_looks', 'command_spreads', 'command_listings'] as const;

const PASSES: PairIndex = { table: 'run_sources', index: 'run_sources_alias', columns: ['alias', 'region'] };

const MOST_PLACES = 3000;

export interface KnownPlaces {
  accounts: Set<string>;
  regions: Set<string>;
  /** Each account and region that occur together in a row. */
  pairs: SourceKey[];
  /** Whether the list is complete. */
  areAll: boolean;
}

/**
 * The accounts and regions that anything in the archive names (invocations, commands, passes, coverage, holds, and what
 * is owed) or that archive.yaml names. Found one by one through the indexes.
 */
export function knownPlaces(sqlite: Database, configured: Configured): KnownPlaces {
  const accounts = new Set(configured.accounts);
  const regions = new Set(configured.regions);
  const pairs = new Map<string, SourceKey>();
  let areAll = true;
  const add = (account: string | null, region: string | null) => {
    if (account !== null) accounts.add(account);
    if (region !== null) regions.add(region);
    if (account !== null && region !== null) pairs.set(`${account} ${region}`, { accountId: account, region });
  };
  for (const large of LARGE) {
    let steps = 0;
    for (const [account, region] of pairsOf(sqlite, large)) {
      add(account, region);
      steps += 1;
      if (steps < MOST_PLACES) continue;
      areAll = false;
      break;
    }
  }
  for (const table of SMALL) for (const row of rowsOf(sqlite, `main.${table}`)) add(row.accountId, row.region);
  for (const row of passes(sqlite)) add(row.accountId, row.region);
  return { accounts, regions, pairs: [...pairs.values()], areAll };
}

/**
 * The accounts and regions that passes asked. If there are very many passes, only the first and the last pass of each
 * source are read: an account that a source had in between is owed or has coverage, so it is found there.
 */
function passes(sqlite: Database): PlaceRow[] {
  const found = hasFewRows(sqlite, 'sweeps') ? rowsOf(sqlite, 'main.sweeps') : [];
  if (hasFewRows(sqlite, 'run_sources')) return [...found, ...rowsOf(sqlite, 'main.run_sources')];
  const ends = prepareOnce<[object], PlaceRow>(
    sqlite,
    `SELECT account_id AS accountId, region FROM main.run_sources WHERE alias = :alias AND region = :region AND run_id IN (
       SELECT min(run_id) FROM main.run_sources WHERE alias = :alias AND region = :region
       UNION SELECT max(run_id) FROM main.run_sources WHERE alias = :alias AND region = :region)`,
  );
  let steps = 0;
  for (const [alias, region] of pairsOf(sqlite, PASSES)) {
    found.push(...ends.all({ alias, region }));
    steps += 1;
    if (steps >= MOST_PLACES) break;
  }
  return found;
}

interface PlaceRow {
  accountId: string | null;
  region: string | null;
}

function rowsOf(sqlite: Database, table: string): PlaceRow[] {
  return prepareOnce<[], PlaceRow>(sqlite, `SELECT DISTINCT account_id AS accountId, region FROM ${table}`).all();
}
