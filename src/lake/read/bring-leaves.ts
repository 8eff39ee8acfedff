import type { Database } from 'better-sqlite3';
import { readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { SEALED_PARTS } from '../../archive/sealed/sealed-days.ts';
import type { DayFiles } from '../files/day-files.ts';
import { fromFiles } from './from-files.ts';
import { readParts } from './read-parts.ts';
import type { WalkTools } from './walk-days.ts';

/** Brings the invocations with leaves after `from` and up to `to`, from the days that may have them. */
export async function bringLeaves(
  tools: () => Promise<WalkTools>,
  hot: Database,
  from: number,
  to: number,
): Promise<Database | undefined> {
  const sealed = readSealedDays(hot).filter(
    ({ firstSeq, lastSeq, isUnsealed }) => !isUnsealed && firstSeq <= to && lastSeq > from,
  );
  if (sealed.length === 0) return undefined;
  const { lake, cold, openDay } = await tools();
  const days = await Promise.all(sealed.map((day) => openDay(day, ['invocations', ...SEALED_PARTS])));
  const ofLeaves = (['revisions', 'full_outputs'] as const).flatMap((table) => {
    const paths = pathsOf(days, table);
    return paths.length === 0
      ? []
      : [`SELECT invocation_id FROM ${fromFiles(paths)} WHERE seq > ${Math.trunc(from)} AND seq <= ${Math.trunc(to)}`];
  });
  const invocations = await lake.all(
    `SELECT * FROM ${fromFiles(pathsOf(days, 'invocations'))} WHERE id IN (${ofLeaves.join(' UNION ALL ')}) ORDER BY id`,
  );
  if (invocations.rows.length === 0) return undefined;
  cold.fill([await readParts(lake, { days, invocations, parts: SEALED_PARTS, conditions: [] })], false);
  return cold.sqlite;
}

function pathsOf(days: readonly DayFiles[], table: string): string[] {
  return days.flatMap(({ paths }) => paths[table] ?? []);
}
