import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readArchiveNumber } from '../../../archive/number/read-archive-number.ts';
import { readAllSealedDays, type SealedDay } from '../../../archive/sealed/read-sealed-days.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { LakeConflict, type ObjectStore } from '../../store/object-store.ts';
import { monthOf } from '../../tables/months.ts';
import { keyOfManifest, keyOfMonth } from '../../tables/object-key.ts';
import { readManifest } from '../read-manifest.ts';

/** What a manifest says of the commands of a month that were written with its day. */
export const MonthObject = z.object({
  month: z.string(),
  key: z.string(),
  rows: z.int().nonnegative(),
  sizeBytes: z.int().positive(),
  /** The SHA-256 of the object, in hex. */
  sha256: z.string(),
});

export type MonthObject = z.output<typeof MonthObject>;

/** The object of a month, and the day whose manifest names it. */
export interface WrittenMonth extends MonthObject {
  day: string;
}

const Commands = z.object({ commands: z.array(MonthObject).default([]) });

/**
 * Finds what the lake has of a month's commands by the newest manifest that names it; undefined if none does. That is
 * the manifest of a day of the month, or of the first sealed day after it.
 */
export async function findWrittenMonth(
  from: { sqlite: Database; store: ObjectStore },
  month: string,
): Promise<WrittenMonth | undefined> {
  const named = await findNamedMonth(from, month);
  return named && !named.isDayPruned ? named : undefined;
}

/**
 * The same, also if the day whose manifest names the month was pruned since: then the month counts as not written, and
 * what is at its place has to go.
 */
export async function findNamedMonth(
  from: { sqlite: Database; store: ObjectStore },
  month: string,
): Promise<(WrittenMonth & { isDayPruned: boolean }) | undefined> {
  for (const sealed of daysThatMayName(from.sqlite, month)) {
    const found = await monthIn(from, sealed, month);
    if (found) return { ...found, day: sealed.day, isDayPruned: sealed.prunedSeq !== null };
  }
  return undefined;
}

/** Returns the days whose manifests may name a month, the one that was sealed last first. */
function daysThatMayName(sqlite: Database, month: string): SealedDay[] {
  const days = readAllSealedDays(sqlite);
  const after = days.find(({ day }) => monthOf(day) > month);
  const mayName = [...days.filter(({ day }) => monthOf(day) === month), ...(after ? [after] : [])];
  return mayName.sort((a, b) => b.entrySeq - a.entrySeq);
}

/**
 * Explains why the commands of a month can't take the place of what is in the lake: if a manifest is gone, nobody knows
 * whether this archive has put that there. Returns other errors as they are.
 */
export async function explainMonth(
  error: unknown,
  from: { sqlite: Database; store: ObjectStore },
  month: string,
): Promise<unknown> {
  if (!(error instanceof LakeConflict)) return error;
  for (const sealed of daysThatMayName(from.sqlite, month)) {
    if ((await readManifest(from, sealed)) !== undefined) continue;
    const archive = readArchiveNumber(from.sqlite);
    const [manifest, place] = [keyOfManifest(archive, sealed.day, sealed.generation), keyOfMonth(archive, month)];
    return new UserFault(
      `The commands of ${month} can't be written again: ${place} is in the lake ${from.store.name}, and the manifest ${manifest}, which may say what it is, is missing there or was changed. Put that manifest back from a copy of the lake. Or move ${place} out of the lake: this archive's file has these commands, and they are written there again. Nothing is lost: then seal again.`,
      { cause: error },
    );
  }
  return error;
}

async function monthIn(
  from: { sqlite: Database; store: ObjectStore },
  sealed: SealedDay,
  month: string,
): Promise<MonthObject | undefined> {
  const json = await readManifest(from, sealed);
  return json === undefined
    ? undefined
    : Commands.parse(JSON.parse(json)).commands.find((object) => object.month === month);
}
