import type { Database } from 'better-sqlite3';
import { readSealedDay, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import type { DayFiles } from './day-files.ts';
import type { LakeFiles } from './lake-files.ts';

const TRIES = 5;
const PAUSE_MS = 200;

/**
 * Finds the files of a sealed day, of these tables. If the day was sealed again since `sealed` was read, those of the newer generation
 * are found: its rows are at least as new, and `fresh`, a connection outside of any transaction, knows them.
 */
export async function openDayFiles(
  { files, fresh }: { files: LakeFiles; fresh: Database },
  sealed: Pick<SealedDay, 'day' | 'objects'>,
  tables: readonly string[],
): Promise<DayFiles> {
  let present: Pick<SealedDay, 'objects'> = sealed;
  for (let tries = 1; ; tries += 1) {
    const paths: Record<string, string> = {};
    let unfit: string | undefined;
    for (const object of present.objects) {
      if (!tables.includes(object.table)) continue;
      const path = await pathOf(files, sealed.day, object);
      if (path === undefined) unfit = object.key;
      else paths[object.table] = path;
    }
    if (unfit === undefined) return { day: sealed.day, paths };
    if (tries === TRIES)
      throw new SealedUnreadable(
        `The object ${unfit} in the lake ${files.name} is not the one that the ledger names for ${sealed.day}. Run "ssm-archive verify --lake" to see which objects are wrong.`,
      );
    // The objects of a new generation are there before the archive names them.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    present = readSealedDay(fresh, sealed.day) ?? sealed;
  }
}

async function pathOf(
  files: LakeFiles,
  day: string,
  object: SealedDay['objects'][number],
): Promise<string | undefined> {
  try {
    return await files.pathOf(object);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SealedUnreadable(
      `The rows of ${day} are sealed, and the lake ${files.name} can't be read (${reason}). Repeat this when it can be reached.`,
      { cause: error },
    );
  }
}
