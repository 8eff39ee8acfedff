import type { Database } from 'better-sqlite3';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SEALED_PARTS } from '../../archive/sealed/sealed-days.ts';
import type { FindSealed, KeyInLake, SealedInvocation } from '../../archive/sealed/sealed-invocations.ts';
import type { LakePlace } from '../files/lake-files.ts';
import { bytesOf, createValueReader, type LakeRows, type RowsOfTable } from '../restore/lake-rows.ts';
import { putRows } from '../restore/put-rows.ts';
import type { LakeRow } from '../tables/lake-table.ts';
import { daysOfCommand } from './days-to-walk.ts';
import { fromFiles, literal } from './from-files.ts';
import { keepReadTools } from './open-read-tools.ts';
import { readParts } from './read-parts.ts';
import type { WalkTools } from './walk-days.ts';

/**
 * Returns the function that looks for sealed invocations by their keys, and one that closes what it opened.
 * `sqlite` is any connection to the archive, outside of a transaction.
 */
export function openSealedFinder(sqlite: Database, place: LakePlace | undefined): { find: FindSealed; close(): void } {
  const { use, close } = keepReadTools(place, sqlite);
  return {
    find: (keys) =>
      use(async (tools) => {
        const found = new Map<string, SealedInvocation>();
        const search = async (days: Map<string, KeyInLake[]>) => {
          for (const [day, ofDay] of days) {
            const open = ofDay.filter((key) => !found.has(nameOf(key)));
            if (open.length > 0) await findInDay(sqlite, tools, { day, keys: open, found });
          }
        };
        await search(groupByDay(keys, ({ day }) => (day === undefined ? [] : [day])));
        const missing = keys.filter((key) => !found.has(nameOf(key)));
        await search(groupByDay(missing, ({ commandId }) => daysOfCommand(sqlite, commandId).map(({ day }) => day)));
        return keys.map((key) => found.get(nameOf(key)));
      }),
    close,
  };
}

function groupByDay(keys: readonly KeyInLake[], daysOf: (key: KeyInLake) => string[]): Map<string, KeyInLake[]> {
  const days = new Map<string, KeyInLake[]>();
  for (const key of keys)
    for (const day of daysOf(key)) {
      const before = days.get(day);
      if (before) before.push(key);
      else days.set(day, [key]);
    }
  return days;
}

async function findInDay(
  sqlite: Database,
  { lake, openDay }: Pick<WalkTools, 'lake' | 'openDay'>,
  { day, keys, found }: { day: string; keys: readonly KeyInLake[]; found: Map<string, SealedInvocation> },
): Promise<void> {
  const sealed = readSealedDay(sqlite, day);
  // The rows of an unsealed day are all in the archive, and a pruned day has none.
  if (!sealed || sealed.isUnsealed || sealed.prunedSeq !== null) return;
  const files = await openDay(sealed, ['invocations', ...SEALED_PARTS]);
  const paths = files.paths.invocations ?? [];
  if (paths.length === 0) return;
  const rows = await lake.all(
    `SELECT * FROM ${fromFiles(paths)} WHERE command_id IN (${listOf(keys, 'commandId')})
       AND instance_id IN (${listOf(keys, 'instanceId')}) AND (account_id, region, command_id, instance_id) IN (${keys.map(keySql).join(', ')})`,
  );
  const parts = await readParts(lake, { days: [files], invocations: rows, parts: SEALED_PARTS, conditions: [] });
  const read = createValueReader(rows.columns);
  for (const row of rows.rows) {
    const id = Number(read(row, 'id'));
    const status = read(row, 'status');
    const own = rowsOf(parts, id);
    found.set(nameOfRow(read, row), {
      ...{ id, fingerprint: bytesOf(read(row, 'fingerprint')) ?? Buffer.alloc(0) },
      status: status === null ? null : String(status),
      stateJson: lastStateOf(own),
      bringBack: (target) => putRows(target, 'main', own),
    });
  }
}

/** The rows of one invocation. */
function rowsOf(parts: LakeRows, id: number): LakeRows {
  return Object.fromEntries(
    Object.entries(parts).map(([table, of]) => {
      if (!of) return [table, of];
      const at = of.columns.indexOf(table === 'invocations' ? 'id' : 'invocation_id');
      return [table, { columns: of.columns, rows: of.rows.filter((row) => row[at] === id) } satisfies RowsOfTable];
    }),
  );
}

function lastStateOf({ revisions = { columns: [], rows: [] } }: LakeRows): string {
  const read = createValueReader(revisions.columns);
  const last = revisions.rows.reduce<LakeRow | undefined>(
    (before, row) => (before && Number(read(before, 'seq')) > Number(read(row, 'seq')) ? before : row),
    undefined,
  );
  return last ? String(read(last, 'state_json')) : '';
}

const MEMBERS = ['accountId', 'region', 'commandId', 'instanceId'] as const;

function listOf(keys: readonly KeyInLake[], member: (typeof MEMBERS)[number]): string {
  return [...new Set(keys.map((key) => key[member]))].map(literal).join(', ');
}

function keySql(key: KeyInLake): string {
  return `(${MEMBERS.map((member) => literal(key[member])).join(', ')})`;
}

function nameOf(key: KeyInLake): string {
  return JSON.stringify(MEMBERS.map((member) => key[member]));
}

function nameOfRow(read: ReturnType<typeof createValueReader>, row: LakeRow): string {
  return JSON.stringify(['account_id', 'region', 'command_id', 'instance_id'].map((name) => read(row, name)));
}
