import { invalidNextToken } from '../http/aws/next-token.ts';
import type { SimulatorFaults } from './faults.ts';
import type { Entry, Place } from './fleet/walk-site.ts';
import type { SimulatorStats } from './stats.ts';

export interface PageWalk<Item> {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly entries: (from: Place | undefined) => Iterable<Entry>;
  readonly matches: (entry: Entry) => boolean;
  readonly toItem: (entry: Entry) => Item;
}

export interface PagingContext {
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  /** The simulator's own clock, which measures the life of tokens. */
  readonly now: () => Date;
  readonly random: () => number;
}

/** Where a page begins, its number in the listing, and when the listing began. */
interface Cursor extends Place {
  readonly page: number;
  readonly sinceMs: number;
}

/** Cuts a page from a walk, with the faults that are set at the moment. */
export function pageWalk<Item>(
  { faults, stats, now, random }: PagingContext,
  { limit, cursor, entries, matches, toItem }: PageWalk<Item>,
): { items: Item[]; nextCursor?: string } {
  const nowMs = now().getTime();
  const from = cursor === undefined ? undefined : readCursor(cursor);
  if (from) refuseDeadToken(from, nowMs, faults, stats, random);
  const page = (from?.page ?? 0) + 1;
  const next = ({ day, at }: Place) => `${day}.${at}.${page}.${from?.sinceMs ?? nowMs}`;
  const isEmpty = chance(faults.emptyPageRate, random);
  const isShort = limit > 1 && chance(faults.shortPageRate, random);
  const most = isShort ? 1 + Math.floor(random() * (limit - 1)) : limit;

  const taken: Entry[] = [];
  let seen = 0;
  let rest: Entry | undefined;
  for (const entry of entries(from)) {
    if (isEmpty || (faults.filterAfterPaging ? seen : taken.length) >= most) {
      // The page has a token only if something is left to list.
      if (!isEmpty && !faults.filterAfterPaging && !matches(entry)) continue;
      rest = entry;
      break;
    }
    seen++;
    if (matches(entry)) taken.push(entry);
  }
  stats.pages++;
  stats.items += taken.length;
  const items = taken.map(toItem);
  if (!rest) return { items };
  if (isEmpty) stats.emptyPages++;
  else if (isShort) stats.shortPages++;
  // A page of one item is not repeated, because the listing would then never come to its end.
  const again = chance(faults.repeatRate, random) ? Math.min(taken.length - 1, 1 + Math.floor(random() * 3)) : 0;
  if (again > 0) stats.repeats += again;
  return { items, nextCursor: next(again > 0 ? (taken[taken.length - again] ?? rest) : rest) };
}

function refuseDeadToken(
  { page, sinceMs }: Cursor,
  nowMs: number,
  faults: SimulatorFaults,
  stats: SimulatorStats,
  random: () => number,
): void {
  const isWornOut = faults.tokenLifePages > 0 && page >= faults.tokenLifePages;
  const isTooOld = faults.tokenLifeMs > 0 && nowMs - sinceMs > faults.tokenLifeMs;
  if (!isWornOut && !isTooOld && !chance(faults.invalidTokenRate, random)) return;
  stats.invalidTokens++;
  throw invalidNextToken();
}

function readCursor(cursor: string): Cursor {
  const [day, at, page, sinceMs] = cursor.split('.').map(Number);
  if (day === undefined || at === undefined || page === undefined || sinceMs === undefined) throw invalidNextToken();
  return { day, at, page, sinceMs };
}

/**
 * Draws a random number only if the rate is not 0: a fault that is off must not change the random numbers of the
 * others.
 */
function chance(rate: number, random: () => number): boolean {
  return rate > 0 && random() < rate;
}
