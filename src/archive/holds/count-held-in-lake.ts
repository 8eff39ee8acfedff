import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { dayAfter } from '../../lib/time.ts';
import { isHeld } from '../prune/prunable.ts';
import { readSealedDays } from '../sealed/read-sealed-days.ts';
import { type Hold, listHolds } from './list-holds.ts';

/** What holds keep of the invocations that are in the lake alone. */
export interface HeldInLake {
  /** How many the file knows of. */
  invocations: number;
  /** The days, the earliest first, of which only the lake knows how many there are, and how many invocations they have. */
  toRead: { day: string; invocations: number }[];
}

/**
 * Counts what one hold, or all holds together, keep of the invocations that are in the lake alone, as far as the file
 * knows it: whole days by account and region, and commands. Each invocation counts once.
 */
export function countHeldInLake(sqlite: Database, id?: number): HeldInLake {
  const holds = listHolds(sqlite).filter((hold) => hold.releasedAt === null && (id === undefined || hold.id === id));
  const held: HeldInLake = { invocations: 0, toRead: [] };
  const [only] = holds;
  if (holds.length === 1 && only?.commandId && only.instanceId === null) {
    const ofCommand = countCommand(sqlite, only);
    if (ofCommand !== undefined) return { ...held, invocations: ofCommand };
  }
  const known = holds.map((hold) => ({ hold, span: spanOf(sqlite, hold) }));
  for (const { day, isUnsealed } of readSealedDays(sqlite)) {
    if (isUnsealed) continue;
    const about = known.filter(({ span }) => isAbout(span, day)).map(({ hold, span }) => ({ hold, span }));
    const whole = about.filter(({ hold, span }) => isOfPlace(hold) && coversAllOf(span, day)).map(({ hold }) => hold);
    if (about.length === 0) continue;
    const all = countAlone(sqlite, day, whole);
    const isAll = whole.some(({ accountId, region }) => accountId === null && region === null);
    if (isAll || whole.length === about.length) held.invocations += all;
    else held.toRead.push({ day, invocations: countAlone(sqlite, day, [{ accountId: null, region: null }]) });
  }
  return held;
}

/** How many invocations of a day one hold, or all together, keep in the file. */
export function countHeldHotOn(sqlite: Database, day: string, id?: number): number {
  return Number(
    prepareOnce(
      sqlite,
      `SELECT count(*) FROM main.invocations i WHERE i.requested_at >= :from AND i.requested_at < :to
        AND ${isHeld('i', 'AND h.id = coalesce(:id, h.id)')}`,
    )
      .pluck()
      .get({ from: startOf(day), to: startOf(dayAfter(day)), id: id ?? null }),
  );
}

/** The request times between which a hold may keep something of sealed days; the first is inclusive. */
interface Span {
  from: string;
  to: string;
}

const LATEST = '9999';

/** Narrows the times of a hold to those of which the file knows that the lake has the hold's node or command. */
function spanOf(sqlite: Database, { accountId, region, commandId, instanceId, fromAt, toAt }: Hold): Span {
  const span = { from: fromAt ?? '', to: toAt ?? LATEST };
  const place = { accountId, region };
  if (commandId !== null) {
    const found = prepareOnce<[object], { first: string | null; last: string | null }>(
      sqlite,
      `SELECT min(first_requested_at) AS first, max(last_requested_at) AS last FROM main.sealed_commands c
        WHERE command_id = :commandId AND invocations > 0 AND ${IN_PLACE}`,
    ).get({ commandId, ...place });
    return within(span, found?.first, found?.last);
  }
  if (instanceId === null) return span;
  const found = prepareOnce<[object], { first: string | null; last: string | null }>(
    sqlite,
    `SELECT min(first_day) AS first, max(last_day) AS last FROM main.sealed_values c
      WHERE kind = 'instanceId' AND value = :instanceId AND ${IN_PLACE}`,
  ).get({ instanceId, ...place });
  return within(span, found?.first, found?.last && dayAfter(found.last));
}

const IN_PLACE = 'coalesce(c.account_id = :accountId, true) AND coalesce(c.region = :region, true)';

/** The part of a span from one time to another, both inclusive; a span without any time if one is not known. */
function within({ from, to }: Span, first: string | null | undefined, last: string | null | undefined): Span {
  if (!first || !last) return { from: LATEST, to: '' };
  return { from: first > from ? first : from, to: `${last}~` < to ? `${last}~` : to };
}

function isAbout({ from, to }: Span, day: string): boolean {
  return from < startOf(dayAfter(day)) && to > startOf(day);
}

function coversAllOf({ from, to }: Span, day: string): boolean {
  return from <= startOf(day) && to >= startOf(dayAfter(day));
}

function isOfPlace({ commandId, instanceId }: Hold): boolean {
  return commandId === null && instanceId === null;
}

/** How many invocations of a command the lake alone has; undefined if only some of them may be in the hold's span. */
function countCommand(sqlite: Database, { commandId, accountId, region, fromAt, toAt }: Hold): number | undefined {
  const row = prepareOnce<[object], { n: number; first: string | null; last: string | null }>(
    sqlite,
    `SELECT coalesce(sum(invocations), 0) AS n, min(first_requested_at) AS first, max(last_requested_at) AS last
       FROM main.sealed_commands c WHERE command_id = :commandId AND invocations > 0 AND ${IN_PLACE}`,
  ).get({ commandId, accountId, region });
  const [from, to] = [fromAt ?? '', toAt ?? LATEST];
  if (!row?.first || !row.last || row.last < from || row.first >= to) return 0;
  return row.first >= from && row.last < to ? row.n : undefined;
}

/**
 * How many invocations of a day are in the lake alone, of the accounts and regions of these holds: what is
 * counted of the day, without what the file has.
 */
function countAlone(sqlite: Database, day: string, holds: readonly Pick<Hold, 'accountId' | 'region'>[]): number {
  const places = JSON.stringify(holds.map(({ accountId, region }) => [accountId, region]));
  const isChosen = (of: string) => `EXISTS (SELECT 1 FROM json_each(:places) p
    WHERE coalesce(p.value ->> 0 = ${of}.account_id, true) AND coalesce(p.value ->> 1 = ${of}.region, true))`;
  return Number(
    prepareOnce(
      sqlite,
      `SELECT (SELECT coalesce(sum(d.invocations), 0) FROM main.daily_counts d WHERE d.day = :day AND ${isChosen('d')})
        - (SELECT count(*) FROM main.invocations i
            WHERE i.requested_at >= :from AND i.requested_at < :to AND ${isChosen('i')})`,
    )
      .pluck()
      .get({ day, from: startOf(day), to: startOf(dayAfter(day)), places }),
  );
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}
