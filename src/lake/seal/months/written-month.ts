import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readAllSealedDays, type SealedDay } from '../../../archive/sealed/read-sealed-days.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { monthOf } from '../../tables/months.ts';
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
  const days = readAllSealedDays(from.sqlite);
  const after = days.find(({ day }) => monthOf(day) > month);
  const mayName = [...days.filter(({ day }) => monthOf(day) === month), ...(after ? [after] : [])];
  for (const sealed of mayName.sort((a, b) => b.entrySeq - a.entrySeq)) {
    const found = await monthIn(from, sealed, month);
    if (found) return { ...found, day: sealed.day, isDayPruned: sealed.prunedSeq !== null };
  }
  return undefined;
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
