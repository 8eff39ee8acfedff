import { listKeys } from '../../archive/checkpoints/list-keys.ts';
import { readCommandTime } from '../../archive/commands/command-request-time.ts';
import { type Compared, compareStates, createComparer } from '../../archive/invocations/create-comparer.ts';
import { listCovered } from '../../archive/record/mark-covered.ts';
import { findLate } from '../../archive/sealed/find-late.ts';
import type { FindSealed } from '../../archive/sealed/sealed-invocations.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { runQueue } from '../../lib/run-queue.ts';
import { DAY_MS, HOUR_MS, isoSeconds, type Now } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { type Span, sliceSpan } from '../../model/coverage/spans.ts';
import type { ObservedInvocation } from '../../model/observed-invocation.ts';
import type { Source } from '../../upstream/connect-source.ts';
import { ListingExpired } from '../../upstream/errors.ts';
import { observeEach } from '../../upstream/replies/observe-each.ts';
import { observeInvocation } from '../../upstream/replies/observe-invocation.ts';
import { listReplies } from '../list/list-replies.ts';
import { halve, type Listing, newListing } from '../plan/listing.ts';

export interface ReconcileDeps {
  db: ArchiveDb;
  source: Source;
  now: Now;
  signal: AbortSignal;
  slicesAtOnce: number;
  /** Looks for invocations in sealed days. Without it, those that are in the lake alone count as missing. */
  findSealed?: FindSealed | undefined;
  /** Called after each reply that was compared. */
  onReply(compared: number): void;
}

/** An invocation that differs between the archive and the service, and how. */
export interface Drift {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  /**
   * `changed-after-end`: the service changed a final invocation. `missing`: the archive has no such invocation.
   * `not-shown`: the service did not show the archive's invocation.
   */
  kind: 'changed-after-end' | 'missing' | 'not-shown';
  /** The members of the service's invocation that differ. */
  members: string[];
}

export interface Reconciled {
  accountId: string;
  region: string;
  /** How many invocations the service showed, and how many of them the archive has byte for byte. */
  compared: number;
  equal: number;
  /**
   * How many invocations are new since the last pass, or were unfinished then and have changed since. The next pass
   * collects them.
   */
  pending: number;
  /**
   * How many elements the service showed without the ids that are needed to store them. Nothing is proven about these.
   */
  unreadable: number;
  drifts: Drift[];
  /**
   * Whole hours of requested time (of invocations and of their commands) in which an invocation is missing or has
   * changed after its end. Listing those hours again records them.
   */
  remedySpan?: { from: string; to: string };
}

/** An invocation this near to the service's cutoff may be forgotten while it is listed. */
const MARGIN_MS = HOUR_MS;
const LOOKS = 2;
/** All differences are counted, but only a hundred are listed. */
const MOST_DRIFTS = 100;

/**
 * Reads everything that the service still has of a source, and compares it with the archive, member by member. Writes
 * nothing. Throws the source's failures, because half a comparison proves nothing.
 */
export async function reconcileSource(deps: ReconcileDeps): Promise<Reconciled> {
  const { db, source, now } = deps;
  const { accountId, region } = source;
  const begunMs = now().getTime();
  const whole: Span = { from: begunMs - RETENTION_MS, to: begunMs };
  const compare = createComparer(db.sqlite);
  const collectedTo = listCovered(db.sqlite, source).at(-1)?.to ?? 0;
  const found: Reconciled = { accountId, region, compared: 0, equal: 0, pending: 0, unreadable: 0, drifts: [] };
  const shown = new Set<string>();
  let unequal: Span | undefined;
  const remember = (commandId: string, requestedAt: string | null) => {
    // An invocation without a time of its own may be missing from any listing by time.
    const sentAt = readCommandTime(db.sqlite, source, commandId);
    const times = [requestedAt, sentAt].flatMap((at) => (at ? [Date.parse(at)] : []));
    const of = requestedAt === null ? [whole.from, whole.to] : times;
    unequal = {
      from: Math.min(unequal?.from ?? Number.POSITIVE_INFINITY, ...of),
      to: Math.max(unequal?.to ?? Number.NEGATIVE_INFINITY, ...of),
    };
  };
  const drift = (kind: Drift['kind'], key: { commandId: string; instanceId: string }, members: string[] = []) => {
    if (found.drifts.length < MOST_DRIFTS) found.drifts.push({ accountId, region, ...key, kind, members });
  };

  async function compareAll(observed: readonly ObservedInvocation[]): Promise<Compared[]> {
    for (let n = 1; ; n++) {
      const sealed = deps.findSealed && (await findLate(db.sqlite, deps.findSealed, { source, observed }));
      const compared = observed.map((one, place) => {
        const inLake = sealed?.get(place);
        return inLake ? compareStates(inLake, one) : compare(source, one);
      });
      // A day that is being sealed may have taken an invocation out of the file after the look that found it there.
      const mayBeGone = compared.some(({ kind }, place) => kind === 'missing' && !sealed?.has(place));
      if (!mayBeGone || n === LOOKS) return compared;
    }
  }

  async function take(items: readonly unknown[]): Promise<void> {
    const { observed: all, unreadable } = observeEach(items, observeInvocation);
    found.unreadable += unreadable.length;
    const compared = await compareAll(all);
    for (const [place, observed] of all.entries()) {
      const { commandId, instanceId } = observed;
      const key = `${commandId} ${instanceId}`;
      // Slices overlap by a second, so an invocation may be shown twice.
      if (shown.has(key)) continue;
      shown.add(key);
      found.compared += 1;
      const one = compared[place] ?? { kind: 'missing' };
      if (one.kind === 'equal') {
        found.equal += 1;
        continue;
      }
      const { requestedAt } = observed.normalize();
      const kind = driftOf(one, requestedMs(requestedAt) < collectedTo);
      if (kind === undefined) found.pending += 1;
      else {
        remember(commandId, requestedAt);
        drift(kind, observed, one.kind === 'differs' ? one.members : []);
      }
    }
    deps.onReply(found.compared);
  }

  const queue = sliceSpan(whole, DAY_MS).map((span) => sliceListing(span, whole));
  await runQueue(queue, deps.slicesAtOnce, async (listing) => {
    try {
      for await (const { reply } of listReplies(source, listing, deps.signal)) if (reply) await take(reply.items);
    } catch (error) {
      const halves = error instanceof ListingExpired ? halve(listing) : undefined;
      if (!halves) throw error;
      queue.unshift(...halves);
    }
  });
  for (const key of listKeys(db.sqlite, source, { from: whole.from + MARGIN_MS, to: begunMs }))
    if (!shown.has(`${key.commandId} ${key.instanceId}`)) drift('not-shown', key);
  if (unequal)
    found.remedySpan = {
      from: isoSeconds(Math.floor(unequal.from / HOUR_MS) * HOUR_MS),
      to: isoSeconds(Math.ceil((unequal.to + 1) / HOUR_MS) * HOUR_MS),
    };
  return found;
}

/** A difference that the next pass collects by itself does not count as drift. */
function driftOf(compared: Compared, isCollected: boolean): Drift['kind'] | undefined {
  if (compared.kind === 'differs') return compared.wasFinal ? 'changed-after-end' : undefined;
  return compared.kind === 'missing' && isCollected ? 'missing' : undefined;
}

function sliceListing(span: Span, whole: Span): Listing {
  const isEndOpen = span.to === whole.to;
  const isStartOpen = span.from === whole.from;
  return newListing({ whole: 'slices', operation: 'ListCommandInvocations', span, isStartOpen, isEndOpen });
}

/** An invocation without a time of request can't be called late. */
function requestedMs(iso: string | null): number {
  return iso === null ? Number.POSITIVE_INFINITY : Date.parse(iso);
}
