import { z } from 'zod';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** Which archive has a number: the object that the first archive with it puts into the lake. */
export const NumberOwner = z.object({
  archive: z.int().nonnegative(),
  /** The name of the key that signed the archive's ledger then. */
  origin: z.string(),
  since: z.string(),
});

export type NumberOwner = z.output<typeof NumberOwner>;

/** The days before one, and the archive that has them. */
const DaysBefore = z.object({ day: z.iso.date(), archive: z.int().nonnegative() });

/**
 * One turn in the ownership of an account and region: an archive claims it, or releases it. Turns are numbered from 1,
 * and the newest counts. A turn is never changed: the next one is another object, so that of two archives which want
 * it at the same time only one can put it there.
 */
export const PlaceTurn = z.object({
  accountId: z.string(),
  region: z.string(),
  turn: z.int().positive(),
  state: z.enum(['claimed', 'released']),
  archive: z.int().nonnegative(),
  origin: z.string(),
  at: z.string(),
  by: z.string(),
  /** What the archive that owned it before has; null if none did. */
  before: DaysBefore.nullable(),
  /** In a release: the day after the last of which this archive has invocations; null if it has none. */
  until: z.iso.date().nullable(),
});

export type PlaceTurn = z.output<typeof PlaceTurn>;

/** How the keys of all turns begin. */
export const OWNERS_FOLDER = '_ledger/owners/';

/** Returns the key of the object that says which archive has a number. */
export function keyOfNumber(archive: number): string {
  return `_ledger/archive-${archive}/owner.json`;
}

/** Returns the key of a turn. */
export function keyOfTurn(place: SourceKey, turn: number): string {
  return `${turnsFolder(place)}${turn}.json`;
}

/** How the keys of all turns of an account and region begin. */
export function turnsFolder({ accountId, region }: SourceKey): string {
  return `${OWNERS_FOLDER}account=${encodeURIComponent(accountId)}/region=${encodeURIComponent(region)}/`;
}

/** What the key of a turn says; undefined if it is none. */
export function parseTurnKey(key: string): (SourceKey & { turn: number }) | undefined {
  const [, accountId, region, turn] = /^_ledger\/owners\/account=([^/]+)\/region=([^/]+)\/(\d+)\.json$/.exec(key) ?? [];
  if (accountId === undefined || region === undefined) return undefined;
  return { accountId: decoded(accountId), region: decoded(region), turn: Number(turn) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
