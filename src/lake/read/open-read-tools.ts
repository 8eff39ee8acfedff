import type { Database } from 'better-sqlite3';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { noLakeConfigured } from '../../archive/sealed/sealed-unreadable.ts';
import type { SameDayFiles } from '../files/day-files.ts';
import { type LakeFiles, type LakePlace, openLakeFiles } from '../files/lake-files.ts';
import { openDayFiles, openSameDay } from '../files/open-day-files.ts';
import { inWords } from './in-words.ts';
import { openLakeSql } from './open-lake-sql.ts';
import type { WalkTools } from './walk-days.ts';

/** What reads sealed days: DuckDB, and the files of the lake. */
export interface ReadTools extends Pick<WalkTools, 'lake' | 'openDay'> {
  files: LakeFiles;
  /** Finds the files of a day, of these tables, in the generation that the day has here. */
  openSame(day: SealedDay, tables: readonly string[]): Promise<SameDayFiles>;
  close(): void;
}

/**
 * Opens what reads sealed days. `fresh` is a connection to the archive outside of any transaction. Rejects with
 * SealedUnreadable if no lake is configured.
 */
export async function openReadTools(place: LakePlace | undefined, fresh: Database): Promise<ReadTools> {
  if (!place) throw noLakeConfigured();
  const files = await openLakeFiles(place);
  const lake = await openLakeSql();
  return {
    ...{ files, lake },
    openDay: (day, tables) => openDayFiles({ files, fresh }, day, tables),
    openSame: (day, tables) => openSameDay({ files, fresh }, day, tables),
    close: () => lake.close(),
  };
}

/**
 * Returns a function that does some work with what reads sealed days, which is opened when it is needed for the first
 * time, and the function that closes it. One work begins when the one before has ended, since the files of all are let
 * go at the same time. Rejects with a sentence for the user if the lake can't be read.
 */
export function keepReadTools(place: LakePlace | undefined, fresh: Database) {
  let opened: Promise<ReadTools> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  async function useNow<Result>(work: (tools: ReadTools) => Promise<Result>): Promise<Result> {
    try {
      opened ??= openReadTools(place, fresh);
      const tools = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      try {
        return await work(tools);
      } finally {
        await tools.files.release();
      }
    } catch (error) {
      throw inWords(error);
    }
  }
  return {
    use<Result>(work: (tools: ReadTools) => Promise<Result>): Promise<Result> {
      const done = last.then(() => useNow(work));
      last = done.catch(() => {});
      return done;
    },
    close: () => void opened?.then((tools) => tools.close()).catch(() => {}),
  };
}
