import { expect, it } from 'vitest';
import { exportInvocations } from '../../../src/archive/invocations/export-invocations.ts';
import { readSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import type { SealedDays } from '../../../src/archive/sealed/sealed-days.ts';
import { exportAllInvocations } from '../../../src/archive/whole/export-all-invocations.ts';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import { openLakeFiles } from '../../../src/lake/files/lake-files.ts';
import { openDayFiles } from '../../../src/lake/files/open-day-files.ts';
import { makeColdTables } from '../../../src/lake/read/cold-tables.ts';
import { daysToWalk } from '../../../src/lake/read/days-to-walk.ts';
import { openLakeSql } from '../../../src/lake/read/open-lake-sql.ts';
import { ORDER_OF_FILE, streamDay } from '../../../src/lake/read/stream-day.ts';
import { walkDays } from '../../../src/lake/read/walk-days.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';

const EVERYTHING = { filter: {}, sort: 'requestedAt', include: 'outputs', format: 'ndjson', csvForm: 'safe' } as const;

it.each([false, true])(
  'an export over days larger than what is in memory reads each file of a day once, and has the same bytes as before (descending: %s)',
  async (isDescending) => {
    const archive = await sealedArchive({ sealed: 0 });
    const before: string[] = [];
    const query = { ...EVERYTHING, isDescending };
    exportInvocations(archive.sqlite, query, { push: (chunk) => before.push(Buffer.from(chunk).toString()) });
    for (const day of archive.days.slice(0, 4)) await sealDay(archive.deps, day);
    const { sealed, reads } = await countingDays(archive);
    const after: string[] = [];
    await exportAllInvocations(
      archive.sqlite,
      query,
      { push: (chunk) => after.push(Buffer.from(chunk).toString()) },
      sealed,
    );
    expect(after.join('')).toBe(before.join(''));
    const largest = Math.max(...readSealedDays(archive.sqlite).map(({ invocations }) => invocations));
    expect(largest).toBeGreaterThan(3);
    expect([...reads.values()]).toEqual(Array.from({ length: 8 }, () => 1));
  },
);

it('a day that is read in the order of its files has each invocation with all that belongs to it', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 3000 });
  const [day] = readSealedDays(archive.sqlite);
  if (!day) throw new Error('no day is sealed');
  const { lake, files } = await toolsOf(archive);
  const opened = await openDayFiles({ files, fresh: archive.sqlite }, day, ['invocations', 'plugins', 'revisions']);
  const query = { files: opened, conditions: [], key: [], parts: ['plugins', 'revisions'] as const };
  const found = { invocations: 0, plugins: 0, revisions: 0 };
  for await (const rows of streamDay(lake, { ...query, order: ORDER_OF_FILE, atOnce: 7 }))
    for (const table of ['invocations', 'plugins', 'revisions'] as const) found[table] += rows[table]?.rows.length ?? 0;
  for (const table of ['invocations', 'plugins', 'revisions'] as const)
    expect([table, found[table]]).toEqual([table, day.objects.find((object) => object.table === table)?.rows]);
});

async function toolsOf({ lake: location }: SealedArchive) {
  const lake = await openLakeSql();
  onTestEnd(() => lake.close());
  return { lake, files: await openLakeFiles({ location, cacheFolder: tempFolder(), cacheBytes: 0 }) };
}

/** The sealed days, of which three invocations are in memory at once, and how often each file is read. */
async function countingDays(archive: SealedArchive): Promise<{ sealed: SealedDays; reads: Map<string, number> }> {
  const { lake, files } = await toolsOf(archive);
  const connect = () => connectToRead(archive.sqlite.name, 'usual', 5000);
  const cold = makeColdTables(connect());
  onTestEnd(() => void cold.sqlite.close());
  const reads = new Map<string, number>();
  const count = (sql: string) => {
    for (const [path] of sql.matchAll(/[^']+\.parquet/g)) reads.set(path, (reads.get(path) ?? 0) + 1);
    return sql;
  };
  const counting = {
    all: (sql: string) => lake.all(count(sql)),
    chunks: (sql: string) => lake.chunks(count(sql)),
    close: () => {},
  };
  const tools = {
    ...{ lake: counting, cold, streamedAtOnce: 3 },
    openDay: (...day: Parameters<typeof openDayFiles> extends [unknown, ...infer Rest] ? Rest : never) =>
      openDayFiles({ files, fresh: archive.sqlite }, ...day),
  };
  const none = async () => undefined;
  const sealed: SealedDays = {
    walk: (hot, search) => walkDays(tools, hot, search, { days: daysToWalk(hot, search), changed: [] }),
    ...{ bring: none, bringLeaves: none },
  };
  return { sealed, reads };
}
