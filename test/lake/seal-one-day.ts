import SQLite from 'better-sqlite3';
import { keepNamedOutputs } from '../../src/archive/prune/named-outputs.ts';
import { loadDuckDb } from '../../src/lake/parquet/load-duckdb.ts';
import { sealDay } from '../../src/lake/seal/seal-day.ts';
import { stageHere } from '../../src/lake/stager/stage-files.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';

/** Seals a day of an archive into the lake in a folder, with a connection of its own. Works outside of tests too. */
export async function sealOneDay(
  path: string,
  lake: string,
  day: string,
  origin = 'ssm-archive/0000000000000000',
): Promise<void> {
  const sqlite = new SQLite(path, { fileMustExist: true, timeout: 30_000 });
  try {
    await sealDay(
      {
        ...{
          sqlite,
          store: openFolderStore(lake),
          stage: stageHere(await loadDuckDb()),
          folder: lake,
          settlingMs: 0,
          sealAfterMs: 35 * 86_400_000,
        },
        now: () => new Date('2026-05-10T03:00:00.000Z'),
        renew: () => {},
        origins: () => [origin],
        ...keepNamedOutputs(sqlite),
      },
      day,
    );
  } finally {
    sqlite.close();
  }
}
