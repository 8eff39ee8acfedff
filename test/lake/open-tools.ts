import type { Database } from 'better-sqlite3';
import { openLakeFiles } from '../../src/lake/read/lake-files.ts';
import { openDayFiles } from '../../src/lake/read/open-day-files.ts';
import { openLakeSql } from '../../src/lake/read/open-lake-sql.ts';
import type { WalkTools } from '../../src/lake/read/walk-days.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { onTestEnd } from '../on-test-end.ts';

/** What reads sealed days of an archive in a lake's folder, until the test ends. */
export async function openTools(sqlite: Database, location: string): Promise<Pick<WalkTools, 'lake' | 'openDay'>> {
  const lake = await openLakeSql();
  onTestEnd(() => lake.close());
  const files = await openLakeFiles({ location, cacheFolder: tempFolder(), cacheBytes: 1e9 });
  return { lake, openDay: (day, tables) => openDayFiles({ files, fresh: sqlite }, day, tables) };
}
