import { createListedCommandRecorder } from '../archive/record/record-listed-commands.ts';
import type { PageTally, RecordedPage } from '../archive/record/record-page.ts';
import { addTally, emptyTally, type Tally } from '../archive/record/record-run.ts';
import { beginSweep, createSweepCounter, finishSweep } from '../archive/record/record-sweep.ts';
import type { ArchiveDb } from '../db/open.ts';
import { runQueue } from '../lib/run-queue.ts';
import { isoFromMs, type Now } from '../lib/time.ts';
import { keepRequestId } from '../model/coverage/request-ids.ts';
import type { Span } from '../model/coverage/spans.ts';
import type { ObservedCommand } from '../model/observed-command.ts';
import type { ObservedInvocation } from '../model/observed-invocation.ts';
import type { Source } from '../upstream/connect-source.ts';
import { ListingBounded, ListingEndless } from '../upstream/errors.ts';
import { observeCommand } from '../upstream/replies/observe-command.ts';
import { observeEach, type UnreadableElement } from '../upstream/replies/observe-each.ts';
import { observeInvocation } from '../upstream/replies/observe-invocation.ts';
import { coverableBeside, keepUnreadable, sentenceOfUnreadable } from './account/unreadable-elements.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { listPages } from './list/list-pages.ts';
import { halve, type Listing } from './plan/listing.ts';

/** A listing whose second is still too long for a token's life is tried this often before it is given up. */
const EXPIRIES_AT_FINEST = 4;
/** So many listings failing one after another mean that the source can't be reached at all. */
const FAILURES_IN_A_ROW = 3;
/** So many expired listings, and none that ended among them: cutting finer does not help. */
const EXPIRIES_IN_A_ROW = 200;
/** So many pages of one listing without anything new: half a million rows passed over, or a listing without an end. */
const IDLE_PAGES = 10_000;
/** Pages of one listing that may wait to be written. */
const PAGES_IN_HAND = 4;

export interface SweepDeps {
  db: ArchiveDb;
  recordPage(page: RecordedPage): Promise<PageTally>;
  renewLease(nowMs: number): void;
  now: Now;
  runId: number;
  source: Source;
  slicesAtOnce: number;
  signal: AbortSignal;
  /** The sum over the source, kept up to date page by page. */
  total: Tally;
  onPage(): void;
  /** Told how many invocations of a page the service has changed after their end. */
  onChangedAfterEnd(count: number): void;
}

export interface SweepHandlers {
  /** The parts of a completed span that may count as covered; `upstream` is what an archive said of it with its pages. */
  coverable?(span: Span, upstream: readonly string[]): readonly Span[];
  /** Takes a page of invocations, recorded already, of a listing that looks again at what is final. */
  look?(observed: readonly ObservedInvocation[]): void;
  /** Takes a page of ListCommands. */
  onCommands?(commands: readonly ObservedCommand[]): void;
  /** Told as each part ends, is cut, or is given up. */
  onPart?(listing: Listing, end: 'complete' | 'cut' | 'again' | 'failed'): void;
}

/** A sweep under way: its row, and what is counted and kept of it so far. */
interface OpenSweep {
  id: number;
  tally: Tally;
  requestIds: string[];
  /** What its pages had that can't be filed. */
  unreadable: UnreadableElement[];
}

/**
 * Lists everything given to its end, several at a time, recording page by page. A token that expires has its listing
 * begun again, then cut in halves; a listing that fails otherwise is tried once more at the end. Returns a sentence for
 * each part that was given up, or had something that can't be filed: all else of that is recorded. Throws what ends the whole source: a refusal, an interruption, a database error.
 */
export async function sweepListings(deps: SweepDeps, listings: Listing[], handlers: SweepHandlers): Promise<string[]> {
  const { db, source, now } = deps;
  const countSweep = createSweepCounter(db.sqlite);
  const recordCommands = createListedCommandRecorder(db.sqlite);
  const queue = [...listings];
  const givenUp: string[] = [];
  const ending = new AbortController();
  const signal = AbortSignal.any([deps.signal, ending.signal]);
  let failuresInARow = 0;
  let expiriesInARow = 0;

  await runQueue(queue, deps.slicesAtOnce, async (listing) => {
    const tally = emptyTally();
    const requestIds: string[] = [];
    const unreadable: UnreadableElement[] = [];
    const { span, isStartOpen, isEndOpen, operation, commandId, instanceId } = listing;
    const isSpan = commandId === undefined && operation === 'ListCommandInvocations';
    const target = {
      operation,
      ...((isSpan || !isStartOpen) && { fromMs: span.from }),
      ...(!isEndOpen && { toMs: span.to }),
      commandId,
      instanceId,
    };
    const startedAt = isoFromMs(now().getTime());
    const id = beginSweep(db.sqlite, { runId: deps.runId, source, target, startedAt });
    try {
      const upstream = await listOne(listing, { id, tally, requestIds, unreadable });
      failuresInARow = 0;
      expiriesInARow = 0;
      const covered = isSpan ? (handlers.coverable?.(span, upstream) ?? []) : [];
      if (unreadable.length > 0) {
        const sentence = sentenceOfUnreadable(listing, unreadable);
        const spans = covered.flatMap((part) => coverableBeside(part, unreadable, listing));
        end('failed', sentence, { source, spans });
        giveUp(listing, sentence);
        return;
      }
      end('complete', undefined, { source, spans: covered });
      listing.whole.openParts -= 1;
      handlers.onPart?.(listing, 'complete');
    } catch (error) {
      if (error instanceof ListingBounded) {
        end('interrupted', error.message);
        listing.whole.isFailed = true;
        listing.whole.openParts -= 1;
        handlers.onPart?.(listing, 'failed');
        return;
      }
      const failure = classifyFailure(error);
      end(failure.kind === 'interrupted' ? 'interrupted' : 'failed', failure.sentence);
      if (failure.kind === 'expired') {
        expiriesInARow += 1;
        if (expiriesInARow < EXPIRIES_IN_A_ROW) return again(listing, failure.sentence);
        ending.abort();
        throw new ListingEndless(
          `${failure.sentence} No listing of this source comes to its end, however finely it is cut; the next pass tries again.`,
        );
      }
      if (failure.kind === 'failed') {
        failuresInARow += 1;
        if (failuresInARow < FAILURES_IN_A_ROW) return later(listing, failure.sentence);
      }
      ending.abort();
      throw error;
    }

    function end(
      outcome: 'complete' | 'failed' | 'interrupted',
      error?: string,
      covered?: { source: Source; spans: readonly Span[] },
    ) {
      finishSweep(db.sqlite, id, {
        outcome,
        error,
        finishedAt: isoFromMs(now().getTime()),
        tally,
        requestIds,
        covered,
      });
    }
  });
  return givenUp;

  /** Returns what an archive, asked in the service's place, said of its coverage with each page. */
  async function listOne(listing: Listing, { id, tally, requestIds, unreadable }: OpenSweep): Promise<string[]> {
    const recording: Promise<void>[] = [];
    const statements = new Set<string>();
    let idlePages = 0;
    try {
      for await (const { items, coverage, requestId } of listPages(source, listing, {
        tally,
        signal,
        onCounted: (more) => addTally(deps.total, more),
      })) {
        // One page without a statement, among others with one, has lost it: an empty one says that nothing is known.
        statements.add(coverage ?? '');
        keepRequestId(requestIds, requestId);
        // The next page is asked for while this one is written; only a few are held in memory.
        if (recording.length >= PAGES_IN_HAND) await recording.shift();
        const page = take(items).then(count);
        // Whoever awaits it learns of its failure; until then nobody has to have seen it.
        page.catch(() => {});
        recording.push(page);
      }
    } finally {
      await Promise.allSettled(recording);
    }
    await Promise.all(recording);
    return statements.size === 1 && statements.has('') ? [] : [...statements];

    async function take(items: unknown[]): Promise<PageTally> {
      if (listing.operation === 'ListCommandInvocations') {
        const page = observeEach(items, observeInvocation);
        keepUnreadable(unreadable, page.unreadable);
        const rows = await record(page.observed, id, tally);
        handlers.look?.(page.observed);
        return rows;
      }
      const { observed, unreadable: more } = observeEach(items, observeCommand);
      keepUnreadable(unreadable, more);
      deps.renewLease(now().getTime());
      recordCommands(source, isoFromMs(now().getTime()), observed);
      handlers.onCommands?.(observed);
      return { seen: 0, added: 0, changed: 0, changedAfterEnd: 0 };
    }

    function count(rows: PageTally): void {
      const more = { ...emptyTally(), pages: 1, rowsSeen: rows.seen, rowsAdded: rows.added, rowsChanged: rows.changed };
      addTally(tally, more);
      addTally(deps.total, more);
      deps.onChangedAfterEnd(rows.changedAfterEnd);
      listing.whole.rowsSeen += rows.seen;
      deps.onPage();
      idlePages = rows.added + rows.changed > 0 ? 0 : idlePages + 1;
      if (idlePages >= IDLE_PAGES) {
        throw new ListingEndless(
          `The last ${IDLE_PAGES} pages of a listing brought nothing new, and each had a token for one more.`,
        );
      }
    }
  }

  function record(observed: ObservedInvocation[], sweepId: number, tally: Tally): Promise<PageTally> {
    const receivedAt = now();
    return deps.recordPage({
      source,
      observed,
      observedAt: isoFromMs(receivedAt.getTime()),
      isLook: handlers.look !== undefined,
      inTransaction: (page) => {
        deps.renewLease(receivedAt.getTime());
        countSweep(sweepId, tally, page);
      },
    });
  }

  function again(listing: Listing, sentence: string): void {
    const expiries = listing.expiries + 1;
    const halves = expiries > 1 ? halve(listing) : undefined;
    if (halves) {
      queue.unshift(...halves);
      handlers.onPart?.(listing, 'cut');
    } else if (expiries < EXPIRIES_AT_FINEST) {
      queue.unshift({ ...listing, expiries });
      handlers.onPart?.(listing, 'again');
    } else {
      giveUp(listing, `${sentence} Listing ${describe(listing)} takes longer than a token lives.`);
    }
  }

  function later(listing: Listing, sentence: string): void {
    if (listing.failures > 0) {
      giveUp(listing, sentence);
      return;
    }
    queue.push({ ...listing, failures: 1 });
    handlers.onPart?.(listing, 'again');
  }

  function giveUp(listing: Listing, sentence: string): void {
    listing.whole.isFailed = true;
    listing.whole.openParts -= 1;
    givenUp.push(sentence);
    handlers.onPart?.(listing, 'failed');
  }
}

function describe({ commandId, instanceId, span }: Listing): string {
  if (instanceId !== undefined) return `command ${commandId} on ${instanceId}`;
  if (commandId !== undefined) return `command ${commandId}`;
  return `${isoFromMs(span.from)} to ${isoFromMs(span.to)}`;
}
