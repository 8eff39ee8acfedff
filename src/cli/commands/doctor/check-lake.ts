import { readArchiveNumber } from '../../../archive/number/read-archive-number.ts';
import { knownOriginsOf } from '../../../archive/signing/origins-of.ts';
import type { Config, LakeConfig } from '../../../config/config.ts';
import { type ArchiveDb, openArchiveReadOnly } from '../../../db/open.ts';
import type { Check } from '../../../ingest/check-source.ts';
import { type InspectedLake, inspectLake } from '../../../lake/inspect/inspect-lake.ts';
import { type InspectedOwners, inspectOwners } from '../../../lake/inspect/inspect-owners.ts';
import { loadDuckDb } from '../../../lake/parquet/load-duckdb.ts';
import { planSeal } from '../../../lake/seal/plan-seal.ts';
import { listIntents } from '../../../lake/seal/seal-intents.ts';
import { openStore } from '../../../lake/store/open-store.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { bytes, counted } from '../../text/format.ts';
import { checkLock } from './check-lock.ts';

const WHAT = 'lake';
const MOST_NAMED = 3;

/**
 * Checks the lake without reading its objects: whether it can be reached, whether it has exactly the objects that the
 * ledger names, whether DuckDB is there, which seals did not end, and which days wait to be sealed, and why.
 */
export async function checkLake(
  config: Config,
  lake: LakeConfig,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<Check[]> {
  const checks: Check[] = [await checkDuckDb()];
  const db = openArchiveReadOnly(config.db);
  try {
    checks.push(...(await checkObjects(db.sqlite, config, { lake, signal })));
    checks.push(...listIntents(db.sqlite).map(({ day, generation, madeAt }) => unended(day, generation, madeAt)));
    checks.push(...checkWaiting(db.sqlite, { nowMs, sealAfterMs: lake.sealAfterMs, settlingMs: config.settlingMs }));
    return checks;
  } finally {
    db.close();
  }
}

async function checkDuckDb(): Promise<Check> {
  try {
    await loadDuckDb();
    return { what: WHAT, state: 'ok', detail: 'DuckDB is installed' };
  } catch (error) {
    return { what: WHAT, state: 'failed', detail: sentenceOf(error) };
  }
}

async function checkObjects(
  sqlite: ArchiveDb['sqlite'],
  { ledgerKey }: Config,
  { lake: { location, lock }, signal }: { lake: LakeConfig; signal: AbortSignal },
): Promise<Check[]> {
  try {
    const store = await openStore(location, { signal });
    try {
      const origins = knownOriginsOf(sqlite, ledgerKey);
      const found = await inspectLake(sqlite, store);
      // A lake that is not there, although days are sealed, says nothing of owners either.
      if (isLost(found)) return describe(store.name, found);
      return [
        ...describe(store.name, found),
        ...(await checkLock(store, lock)),
        ...describeOwners(readArchiveNumber(sqlite), await inspectOwners({ sqlite, origins }, store)),
      ];
    } finally {
      store.close();
    }
  } catch (error) {
    return [{ what: WHAT, state: 'failed', detail: sentenceOf(error) }];
  }
}

/** Says which archives the lake has, and what does not fit. */
function describeOwners(own: number, { archives, places, numberOf, faults }: InspectedOwners): Check[] {
  const owns = (archive: number) =>
    counted(
      places.filter((turn) => turn.archive === archive && turn.state === 'claimed').length,
      'account and region',
      'accounts and regions',
    );
  const others = archives.filter(({ archive }) => archive !== own);
  const named = others.map(
    ({ archive, since }) => `archive ${archive} has been in it since ${since} and owns ${owns(archive)}`,
  );
  return [
    {
      what: WHAT,
      state: 'ok',
      detail: [`this is archive ${own} of the lake, and owns ${owns(own)}`, ...named].join('; '),
    },
    ...(numberOf
      ? [
          {
            ...{ what: WHAT, state: 'failed' as const },
            detail: `another archive has the number ${own} in the lake since ${numberOf.since}; its ledger is signed by ${numberOf.origin}. Nothing of this archive is sealed there: give one of the two a lake of its own`,
          },
        ]
      : []),
    ...faults.map((detail): Check => ({ what: WHAT, state: 'warning', detail })),
  ];
}

function describe(name: string, found: InspectedLake): Check[] {
  const { unnamed, missing, resized, untold, foreign } = found;
  const check = (
    state: Check['state'],
    keys: readonly string[],
    [one, many]: readonly [string, string],
    todo: string,
  ): Check[] =>
    keys.length === 0
      ? []
      : [
          {
            what: WHAT,
            state,
            detail: `${counted(keys.length, 'object')} ${keys.length === 1 ? one : many}: ${named(keys)}. ${todo}`,
          },
        ];
  const back = 'Bring them back from a copy of the lake: the rows are nowhere else, unless the days were unsealed.';
  return [
    whatIsThere(name, found),
    ...check('failed', missing, ['that the ledger names is missing', 'that the ledger names are missing'], back),
    ...check(
      'failed',
      resized,
      ['has another size than the ledger says', 'have other sizes than the ledger says'],
      back,
    ),
    ...check(
      'warning',
      unnamed,
      ['of this archive is named by no sealed day', 'of this archive are named by no sealed day'],
      'They may be of a later copy of the archive, which sealed them: then use that one. Remove them only if you know what they are.',
    ),
    ...check(
      'warning',
      untold,
      ['that says which day was pruned is not there yet', 'that say which days were pruned are not there yet'],
      'The next "ssm-archive seal" or "ssm-archive prune" puts them there.',
    ),
    ...check(
      'warning',
      foreign,
      ['has no name of a lake', 'have no name of a lake'],
      'Give the lake a folder or prefix of its own.',
    ),
  ];
}

/** Whether the lake has no object of this archive, although the ledger names some. */
function isLost({ objects, missing }: InspectedLake): boolean {
  return objects === 0 && missing.length > 0;
}

/** What is in the lake. A lake without a single object is only well if the ledger names none. */
function whatIsThere(name: string, found: InspectedLake): Check {
  const { isAbsent, objects, bytes: size, ofOthers } = found;
  const others = [...ofOthers]
    .map(([archive, count]) => `; archive ${archive} has ${counted(count, 'object')} there`)
    .join('');
  if (!isLost(found)) {
    const detail = isAbsent
      ? `${name} does not exist yet. The first seal makes it`
      : `${name} has ${counted(objects, 'object')} of this archive, ${bytes(size)}${others}`;
    return { what: WHAT, state: 'ok', detail };
  }
  const wrong = isAbsent ? `${name} does not exist` : `${name} has no object of this archive${others}`;
  return {
    ...{ what: WHAT, state: 'failed' },
    detail: `${wrong}, although days are sealed. If the lake was moved, set SSM_ARCHIVE_LAKE, or lake in archive.yaml, to where it is.`,
  };
}

function unended(day: string, generation: number, madeAt: string): Check {
  const which = generation === 1 ? '' : `, generation ${generation},`;
  return {
    ...{ what: WHAT, state: 'warning' },
    detail: `a seal of ${day}${which} began at ${madeAt} and has not ended. Nothing is lost: "ssm-archive seal" goes on with it.`,
  };
}

function checkWaiting(sqlite: ArchiveDb['sqlite'], query: Parameters<typeof planSeal>[1]): Check[] {
  const { days, waiting } = planSeal(sqlite, query);
  const ripe: Check[] =
    days.length === 0
      ? []
      : [
          {
            what: WHAT,
            state: 'ok',
            detail: `${counted(days.length, 'day')} can be sealed: ${named(days.map(({ day }) => day))}`,
          },
        ];
  return [
    ...ripe,
    ...waiting.map(({ day, why }): Check => ({ what: WHAT, state: 'ok', detail: `${day} waits: it ${why}` })),
  ];
}

function named(all: readonly string[]): string {
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sentenceOf(error: unknown): string {
  if (error instanceof UserFault) return error.message;
  throw error;
}
