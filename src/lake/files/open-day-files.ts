import type { Database } from 'better-sqlite3';
import { readSealedDay, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SealedAgain } from '../../archive/sealed/sealed-again.ts';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { systemFault } from '../../lib/errors/path-fault.ts';
import type { DayFiles, SameDayFiles } from './day-files.ts';
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
    const paths: Record<string, string[]> = {};
    let unfit: string | undefined;
    for (const object of present.objects) {
      if (!tables.includes(object.table)) continue;
      const path = await inWords(files, sealed.day, () => files.pathOf(object));
      if (path === undefined) unfit = object.key;
      else addPath(paths, object.table, path);
    }
    if (unfit === undefined) return { day: sealed.day, paths };
    if (tries === TRIES) throw notOfLedger(files, sealed.day, unfit);
    // The objects of a new generation are there before the archive names them.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const now = readSealedDay(fresh, sealed.day);
    present = now ?? sealed;
    if (now && now.prunedSeq !== null)
      throw new SealedUnreadable(`${sealed.day} was pruned while it was read. Ask again: nothing of it is left.`);
  }
}

/**
 * Finds the files of a sealed day as it was when `sealed` was read, and no other generation: what is made of them is to
 * fit a checkpoint. Rejects with SealedAgain if the day was sealed again or unsealed since.
 */
export async function openSameDay(
  { files, fresh }: { files: LakeFiles; fresh: Database },
  sealed: SealedDay,
  tables: readonly string[],
): Promise<SameDayFiles> {
  const { day } = sealed;
  const objects = sealed.objects.filter(({ table }) => tables.includes(table));
  const paths: Record<string, string[]> = {};
  for (const object of objects) {
    const path = await inWords(files, day, () => files.exactPathOf(object));
    if (path !== undefined) addPath(paths, object.table, path);
    else if (isSame(readSealedDay(fresh, day), sealed)) throw notOfLedger(files, day, object.key);
    else throw new SealedAgain(day);
  }
  return {
    ...{ day, paths },
    async areSame() {
      for (const object of objects)
        if ((await inWords(files, day, () => files.exactPathOf(object))) === undefined) return false;
      return true;
    },
  };
}

function addPath(paths: Record<string, string[]>, table: string, path: string): void {
  paths[table] = [...(paths[table] ?? []), path];
}

/** The objects of an unsealed day are about to be replaced. */
function isSame(now: SealedDay | undefined, { generation }: SealedDay): boolean {
  return now?.generation === generation && !now.isUnsealed;
}

function notOfLedger(files: LakeFiles, day: string, key: string): SealedUnreadable {
  return new SealedUnreadable(
    `The object ${key} in the lake ${files.name} is missing, or is not the one that the ledger names for ${day}. Run "ssm-archive verify --lake" to see which objects are wrong.`,
  );
}

async function inWords<Result>(files: LakeFiles, day: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const reason = systemFault(error) ?? (error instanceof Error ? error.message : String(error));
    throw new SealedUnreadable(
      `The rows of ${day} are sealed, and the lake ${files.name} can't be read (${reason}). Repeat this when it can be reached.`,
      { cause: error },
    );
  }
}
