import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readAllSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import { fromFiles } from '../read/from-files.ts';
import { openLakeSql } from '../read/open-lake-sql.ts';
import { fetchObjects } from '../seal/bring-day-back.ts';
import { findNamedMonth, type WrittenMonth } from '../seal/months/written-month.ts';
import { monthOf } from '../tables/months.ts';
import { COMMANDS_FOLDER } from '../tables/object-key.ts';
import { finishDay, inTransaction } from './finish-day.ts';
import type { ForgetDeps } from './forget-deps.ts';
import { bringToPrune } from './rewrite-day.ts';

/**
 * Takes commands that were pruned out of the commands of months in the lake. The day whose manifest names a month is
 * sealed again, with the commands that are left; if that day was pruned, or none is left, the object goes.
 */
export async function forgetMonths(deps: ForgetDeps): Promise<void> {
  const { sqlite, signal } = deps;
  const months = new Set(readAllSealedDays(sqlite).flatMap(({ day }) => [monthOf(day), monthBefore(day)]));
  for (const month of [...months].sort()) {
    if (signal?.aborted) return;
    const named = await findNamedMonth(deps, month);
    if (!named) continue;
    const isDayGone = named.isDayPruned;
    if (!isDayGone && (await hasAll(deps, named))) continue;
    if (isDayGone || !hasCommands(deps, month)) dropMonth(deps, named);
    else {
      await bringToPrune(deps, named.day);
      if (!signal?.aborted) await finishDay(deps, named.day);
    }
  }
}

function monthBefore(day: string): string {
  const date = new Date(`${monthOf(day)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return monthOf(date.toISOString());
}

function hasCommands({ sqlite }: ForgetDeps, month: string): boolean {
  return (
    prepareOnce(sqlite, 'SELECT 1 FROM main.commands WHERE substr(requested_at, 1, 7) = ? LIMIT 1').get(month) !==
    undefined
  );
}

/** Whether the file still has each command that the object of a month has. */
async function hasAll(deps: ForgetDeps, { sizeBytes: _, ...month }: WrittenMonth): Promise<boolean> {
  const folder = await mkdtemp(join(deps.folder, 'forgetting-'));
  const lake = await openLakeSql();
  const find = prepareOnce<unknown[], unknown>(
    deps.sqlite,
    'SELECT 1 FROM main.commands WHERE account_id = ? AND region = ? AND command_id = ?',
  );
  try {
    const { [COMMANDS_FOLDER]: path = '' } = await fetchObjects(deps, folder, [{ ...month, table: COMMANDS_FOLDER }]);
    for await (const { rows } of lake.chunks(`SELECT account_id, region, command_id FROM ${fromFiles([path])}`))
      if (rows.some((row) => find.get(...row) === undefined)) return false;
    return true;
  } finally {
    lake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function dropMonth(deps: ForgetDeps, { key, sha256 }: WrittenMonth): void {
  inTransaction(deps, (nowMs) =>
    prepareOnce(
      deps.sqlite,
      `INSERT INTO lake_removals (key, keep_sha256, gone_json, made_at) VALUES (:key, NULL, json_array(:sha256), :at)
         ON CONFLICT (key) DO UPDATE SET keep_sha256 = NULL`,
    ).run({ key, sha256, at: isoFromMs(nowMs) }),
  );
}
