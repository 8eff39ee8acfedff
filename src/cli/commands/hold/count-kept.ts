import { countHeldHotOn, countHeldInLake, type HeldInLake } from '../../../archive/holds/count-held-in-lake.ts';
import { countHeld, countHeldBy } from '../../../archive/holds/list-holds.ts';
import type { HoldScope } from '../../../archive/holds/place-hold.ts';
import type { PruneSelection } from '../../../archive/prune/prunable.ts';
import type { Config } from '../../../config/config.ts';
import type { ArchiveDb } from '../../../db/open.ts';
import { dayAfter } from '../../../lib/time.ts';
import { planForgetApart } from '../../../processes/lake/seal-apart.ts';
import { openOwnLog } from '../../log/open-log.ts';
import type { Terminal } from '../../terminal.ts';
import { levelOf } from '../seal/level-of.ts';

/** How many invocations holds keep from being pruned. */
export interface Kept {
  /** Those of the file and those of the lake that were counted. */
  invocations: number;
  /** How many of them are in the lake alone. */
  ofLake: number;
  /** Sealed days of which it is not known how many invocations are kept, and why not. */
  uncounted: { days: number; why: string } | undefined;
}

/** A hold, and what it is about. */
export interface CountedHold extends HoldScope {
  id: number;
}

interface Asking {
  config: Config;
  terminal: Terminal;
}

/** The days of the lake that are read at most, and the invocations that these have if all must be looked at. */
const MOST_DAYS = 31;
const MOST_INVOCATIONS = 200_000;

/** Counts what a hold keeps; without one, what all holds keep together. Reads a few days of the lake at most. */
export async function countKept(sqlite: ArchiveDb['sqlite'], asking: Asking, hold?: CountedHold): Promise<Kept> {
  const hot = hold === undefined ? countHeld(sqlite) : countHeldBy(sqlite, hold.id);
  const { invocations, toRead } = countHeldInLake(sqlite, hold?.id);
  const kept = (ofLake: number, uncounted: Kept['uncounted']): Kept => ({
    invocations: hot + ofLake,
    ofLake,
    uncounted,
  });
  if (toRead.length === 0) return kept(invocations, undefined);
  const why = whyNotRead(toRead, asking.config, hold);
  if (why !== undefined) return kept(invocations, { days: toRead.length, why });
  try {
    return kept(invocations + (await readHeld(sqlite, asking, { toRead, hold })), undefined);
  } catch (error) {
    // The hold is placed already. Without the lake it keeps the same, only nobody knows how much that is.
    return kept(invocations, { days: toRead.length, why: error instanceof Error ? error.message : String(error) });
  }
}

/** Returns why these days of the lake are not read for the count of a hold, or of all; undefined if they are. */
export function whyNotRead(
  toRead: HeldInLake['toRead'],
  { lake }: { lake?: object | undefined },
  hold: HoldScope | undefined,
): string | undefined {
  if (!lake) return 'No lake is configured.';
  const isNarrow = hold?.commandId !== undefined || hold?.instanceId !== undefined;
  const rows = toRead.reduce((sum, day) => sum + day.invocations, 0);
  if (toRead.length <= MOST_DAYS && (isNarrow || rows <= MOST_INVOCATIONS)) return undefined;
  return `At most ${MOST_DAYS} days of the lake, with ${MOST_INVOCATIONS.toLocaleString('en-US')} invocations unless a node or command is named, are read for a count.`;
}

async function readHeld(
  sqlite: ArchiveDb['sqlite'],
  { config, terminal }: Asking,
  { toRead, hold }: { toRead: HeldInLake['toRead']; hold: CountedHold | undefined },
): Promise<number> {
  const logLevel = levelOf(openOwnLog(terminal, config));
  let held = 0;
  for (const [first, last] of runsOf(toRead.map(({ day }) => day))) {
    const selection = selectionOf(hold, `${first}T00:00:00.000Z`, `${dayAfter(last)}T00:00:00.000Z`);
    const days = await planForgetApart({ config, logLevel, kind: 'invocations', selection }, {});
    for (const { day, held: ofDay } of days) held += ofDay - countHeldHotOn(sqlite, day, hold?.id);
  }
  return held;
}

/** Days that follow each other, as the first and last of each run of them. */
function runsOf(days: readonly string[]): [first: string, last: string][] {
  const runs: [string, string][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && dayAfter(run[1]) === day) run[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}

/** Everything that a hold is about in a span: all of it is held. */
function selectionOf(hold: CountedHold | undefined, from: string, to: string): PruneSelection {
  const { accountId, region, commandId, instanceId, fromAt = from, toAt = to } = hold ?? {};
  return {
    ...(accountId !== undefined && { account: accountId }),
    ...(region !== undefined && { region }),
    ...(commandId !== undefined && { commandId }),
    ...(instanceId !== undefined && { instanceId }),
    ...{ requestedAfter: fromAt > from ? fromAt : from, requestedBefore: toAt < to ? toAt : to },
  };
}
