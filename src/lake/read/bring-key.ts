import type { Database } from 'better-sqlite3';
import type { SealedKey, SealedPart } from '../../archive/sealed/sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createValueReader } from '../restore/lake-rows.ts';
import { addHotRows } from './add-hot-rows.ts';
import { keyOf } from './conditions-of.ts';
import { daysToWalk } from './days-to-walk.ts';
import { readOrdered } from './read-ordered.ts';
import { readParts } from './read-parts.ts';
import type { WalkTools } from './walk-days.ts';

/** Outputs get their ids in the order in which the invocations were first seen. */
const BY_ID = [{ column: 'id', isDescending: false }] as const;

/**
 * Brings the invocations of a command, or the one on a node, from the days that may have them, and those that the archive
 * itself has. Those of the archive win.
 */
export async function bringKey(
  tools: () => Promise<WalkTools>,
  hot: Database,
  { accountId, region, commandId, instanceId }: SealedKey,
  parts: readonly SealedPart[],
): Promise<Database | undefined> {
  const filter = { account: accountId, region, commandId, instanceId };
  const walked = daysToWalk(hot, { filter, order: [], parts, atOnce: 1 });
  if (walked.length === 0) return undefined;
  const { lake, cold, openDay } = await tools();
  const days = await Promise.all(walked.map(({ sealed }) => openDay(sealed, ['invocations', ...parts])));
  const key = keyOf(filter);
  const found = await readOrdered(lake, { files: days, conditions: key, order: BY_ID, key });
  const read = createValueReader(found.columns);
  const isHot = prepareOnce<[number], unknown>(hot, 'SELECT 1 FROM main.invocations WHERE id = ?');
  const rows = found.rows.filter((row) => isHot.get(Number(read(row, 'id'))) === undefined);
  if (rows.length === 0) return undefined;
  const invocations = { columns: found.columns, rows };
  cold.fill([await readParts(lake, { days, invocations, parts, conditions: key })], false);
  addHotRows(cold.sqlite, { accountId, region, commandId, instanceId });
  return cold.sqlite;
}
