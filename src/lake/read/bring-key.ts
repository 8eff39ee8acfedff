import type { Database } from 'better-sqlite3';
import type { SealedKey, SealedPart } from '../../archive/sealed/sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createValueReader } from '../restore/lake-rows.ts';
import { addHotRows } from './add-hot-rows.ts';
import { conditionsOf, keyOf } from './conditions-of.ts';
import { daysToWalk } from './days-to-walk.ts';
import { fromFiles } from './from-files.ts';
import { readParts } from './read-parts.ts';
import type { WalkTools } from './walk-days.ts';

/**
 * Brings the invocations of a command, or the one on a node, from the days that may have them, and those that the archive
 * itself has. Those of the archive win.
 */
export async function bringKey(
  { lake, cold, openDay }: WalkTools,
  hot: Database,
  { accountId, region, commandId, instanceId }: SealedKey,
  parts: readonly SealedPart[],
): Promise<Database | undefined> {
  const filter = { account: accountId, region, commandId, instanceId };
  const walked = daysToWalk(hot, { filter, order: [], parts, atOnce: 1 });
  const days = await Promise.all(walked.map(({ sealed }) => openDay(sealed, ['invocations', ...parts])));
  const paths = days.flatMap(({ paths: ofDay }) => ofDay.invocations ?? []);
  if (paths.length === 0) return undefined;
  const found = await lake.all(
    `SELECT * FROM ${fromFiles(paths)} WHERE ${conditionsOf(hot, filter, days).join(' AND ')} ORDER BY id`,
  );
  const read = createValueReader(found.columns);
  const isHot = prepareOnce<[number], unknown>(hot, 'SELECT 1 FROM main.invocations WHERE id = ?');
  const rows = found.rows.filter((row) => isHot.get(Number(read(row, 'id'))) === undefined);
  if (rows.length === 0) return undefined;
  const invocations = { columns: found.columns, rows };
  cold.fill([await readParts(lake, { days, invocations, parts, conditions: keyOf(filter) })], false);
  addHotRows(cold.sqlite, { accountId, region, commandId, instanceId });
  return cold.sqlite;
}
