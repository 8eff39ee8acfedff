import { type CommandPlan, DAY_MS, LONGEST_SPREAD_MS } from './command-plan.ts';
import type { Site } from './create-site.ts';

/** An entry's position: a day since 1970, and an index in it. It never changes, so it can serve as a cursor. */
export interface Place {
  readonly day: number;
  readonly at: number;
}

/** An invocation that a walk yields; or a command, with target 0. */
export interface Entry extends Place {
  readonly command: CommandPlan;
  readonly target: number;
  readonly requestedMs: number;
}

/** A span of requested time in epoch milliseconds: its start is inclusive, its end exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The invocations of a span, newest first, from a position on if one is given. */
export function* walkInvocations(site: Site, span: Span, from: Place | undefined): Generator<Entry> {
  for (let day = firstDay(span, from); day * DAY_MS + DAY_MS > span.fromMs; day--) {
    const { requestedMs, commandDays, commandIndexes, targets } = site.invocationsOf(day);
    for (let at = lastBefore(requestedMs, span.untilMs, day, from); at >= 0; at--) {
      const time = requestedMs[at] ?? 0;
      if (time < span.fromMs) return;
      const command = site.command(commandDays[at] ?? 0, commandIndexes[at] ?? 0);
      yield { day, at, command, target: targets[at] ?? 0, requestedMs: time };
    }
  }
}

/** The commands of a span, newest first, from a position on if one is given. */
export function* walkCommands(site: Site, span: Span, from: Place | undefined): Generator<Entry> {
  for (let day = firstDay(span, from); day * DAY_MS + DAY_MS > span.fromMs; day--) {
    const { requestedMs } = site.commandsOf(day);
    for (let at = lastBefore(requestedMs, span.untilMs, day, from); at >= 0; at--) {
      const time = requestedMs[at] ?? 0;
      if (time < span.fromMs) return;
      yield { day, at, command: site.command(day, at), target: 0, requestedMs: time };
    }
  }
}

/** Returns the span of invocations that can belong to commands of a span. */
export function spanOfInvocations({ fromMs, untilMs }: Span): Span {
  return { fromMs, untilMs: untilMs + LONGEST_SPREAD_MS };
}

function firstDay({ untilMs }: Span, from: Place | undefined): number {
  const last = Math.floor((untilMs - 1) / DAY_MS);
  return from ? Math.min(from.day, last) : last;
}

/** Returns the last index of a day whose time is before `untilMs` and that is not beyond `from`. */
function lastBefore(times: Float64Array, untilMs: number, day: number, from: Place | undefined): number {
  let low = 0;
  let high = from?.day === day ? Math.min(times.length, from.at + 1) : times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < untilMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
