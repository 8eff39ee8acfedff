import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { GoneOfCommand, GoneOfDay, RowsOfLake } from '../../archive/prune/sealed/bury-day.ts';
import { idsThatLeft } from '../../archive/sealed/day-moves.ts';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import type { Tombstone } from '../../ledger/entries/tombstone.ts';
import { fromFiles, literal } from '../read/from-files.ts';
import { type LakeSql, openLakeSql } from '../read/open-lake-sql.ts';
import { createValueReader, type RowsOfTable } from '../restore/lake-rows.ts';
import { fetchObjects } from '../seal/bring-day-back.ts';
import type { SealDeps } from '../seal/seal-deps.ts';
import type { LakeValue } from '../tables/lake-table.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';

/** The tables whose rows say what the lake alone has of a day. */
const NEEDED = ['invocations', 'revisions', 'full_outputs'];

/**
 * Reads what the lake has of a day and the file has not: the leaves, and what is counted of its invocations. Throws
 * LakeDamaged if the objects are not those that the ledger names: of such a day nobody knows what goes.
 */
export async function readDayRows(deps: SealDeps, sealed: SealedDay): Promise<RowsOfLake> {
  const folder = await mkdtemp(join(deps.folder, 'forgetting-'));
  const lake = await openLakeSql();
  try {
    const objects = sealed.objects.filter(({ table }) => NEEDED.includes(table));
    const paths = await fetchObjects(deps, folder, objects);
    const from = (table: string) => fromFiles([paths[table] ?? '']);
    // What has left the day is in the file, and stays there.
    const hot = [...hotIds(deps.sqlite, sealed.day), ...idsThatLeft(deps.sqlite, sealed.day)];
    const isGone = (id: string) => (hot.length === 0 ? 'true' : `${id} NOT IN (${hot.map(literal).join(', ')})`);
    const invocations = `${from('invocations')} WHERE ${isGone('id')}`;
    return {
      seqs: await seqsOf(
        lake,
        `SELECT seq FROM ${from('revisions')} WHERE ${isGone('invocation_id')}
           UNION ALL SELECT seq FROM ${from('full_outputs')} WHERE ${isGone('invocation_id')} ORDER BY seq`,
      ),
      states: Number(
        (await lake.all(`SELECT count(*) FROM ${from('revisions')} WHERE ${isGone('invocation_id')}`)).rows[0]?.[0] ??
          0,
      ),
      places: (
        await grouped(
          lake,
          ['account_id', 'region'],
          invocations,
          ', min(requested_at) AS from_at, max(requested_at) AS to_at',
        )
      ).map(placeOf),
      commands: (await grouped(lake, ['account_id', 'region', 'command_id', 'status'], invocations)).map(commandOf),
      counts: (
        await grouped(lake, ['account_id', 'region', 'document_name', 'status', 'status_details'], invocations)
      ).map(countOf),
    };
  } finally {
    lake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The invocations of a day that are in the file: what it has counts, and is pruned there. */
export function hotIds(sqlite: Database, day: string): number[] {
  return sqlite
    .prepare<[object], number>(`SELECT i.id FROM main.invocations i WHERE ${OF_DAY} ORDER BY i.id`)
    .pluck()
    .all(spanOf(day));
}

async function seqsOf(lake: LakeSql, sql: string): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { rows } of lake.chunks(sql)) for (const [seq] of rows) seqs.push(Number(seq));
  return seqs;
}

type Reader = (name: string) => LakeValue;

async function grouped(lake: LakeSql, columns: readonly string[], from: string, more = ''): Promise<Reader[]> {
  const names = columns.join(', ');
  const found: RowsOfTable = await lake.all(
    `SELECT ${names}, count(*) AS invocations${more} FROM ${from} GROUP BY ${names} ORDER BY ${names}`,
  );
  const read = createValueReader(found.columns);
  return found.rows.map((row) => (name) => read(row, name));
}

function placeOf(read: Reader): Tombstone['places'][number] {
  return {
    ...{ accountId: String(read('account_id')), region: String(read('region')), commands: 0 },
    ...{ fromAt: textOf(read('from_at')), toAt: textOf(read('to_at')), invocations: Number(read('invocations')) },
  };
}

function commandOf(read: Reader): GoneOfCommand {
  return {
    ...{ accountId: String(read('account_id')), region: String(read('region')) },
    ...{ commandId: String(read('command_id')), status: textOf(read('status')) },
    invocations: Number(read('invocations')),
  };
}

function countOf(read: Reader): GoneOfDay {
  return {
    ...{ accountId: String(read('account_id')), region: String(read('region')) },
    ...{ documentName: textOf(read('document_name')), status: textOf(read('status')) },
    ...{ statusDetails: textOf(read('status_details')), invocations: Number(read('invocations')) },
  };
}

function textOf(value: LakeValue): string | null {
  return value === null ? null : String(value);
}
