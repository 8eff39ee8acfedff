import { forgetDouble } from '../archive/coverage/sources/forget-double.ts';
import { noteOwed } from '../archive/coverage/sources/note-owed.ts';
import type { ConfiguredSource } from '../archive/coverage/sources/owed-source.ts';
import { indexOutputs } from '../archive/record/index-outputs.ts';
import { createPagesRecorder, type PageTally, type RecordedPage } from '../archive/record/record-page.ts';
import {
  beginRun,
  emptyTally,
  finishRun,
  type Outcome,
  recordRunSource,
  type SourceResult,
  type Tally,
} from '../archive/record/record-run.ts';
import type { Config, SourceConfig } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import type { Logger } from '../lib/logger.ts';
import { runQueue } from '../lib/run-queue.ts';
import { isoFromMs, type Now, sleep } from '../lib/time.ts';
import { accountOfSource } from '../model/account-of-source.ts';
import type { Span } from '../model/coverage/spans.ts';
import type { SourceKey } from '../model/observed-invocation.ts';
import { connectSource, type Source } from '../upstream/connect-source.ts';
import { createPacer } from '../upstream/create-pacer.ts';
import { SourceTwice } from '../upstream/errors.ts';
import { type SignedPass, signPass } from './checkpoints/sign-pass.ts';
import { collectSource } from './collect-source.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { type HeldLease, holdLease } from './passes/hold-lease.ts';
import { oweConfigured } from './passes/owe-configured.ts';
import { warnOfForgetting } from './passes/warn-of-forgetting.ts';
import { askPlace, configuredPlace, regionalSources } from './places/ask-place.ts';
import { createPlaceClaims } from './places/claim-places.ts';
import { failRefused } from './places/fail-refused.ts';
import { createPageWriter } from './record/create-page-writer.ts';

const SOURCES_AT_ONCE = 8;
/** How long after it came an output may not be searchable yet, while a long pass goes on. */
const INDEXING_PAUSE_MS = 2000;

export interface PassDeps {
  db: ArchiveDb;
  config: Config;
  log: Logger;
  now: Now;
  random(): number;
  /** Ends the pass after the pages in flight, which have some seconds for it. */
  signal: AbortSignal;
}

/** How far one source of a running pass is. Counters grow; `partsEnded` of `partsPlanned` is a measure of time left. */
export interface SourceProgress extends Tally {
  alias: string;
  region: string;
  accountId: string | null;
  startedAtMs: number;
  partsPlanned: number;
  partsEnded: number;
  outcome: Outcome | 'running';
  error: string | null;
}

export interface PassOptions {
  /** Lists this span of requested time, covered or not. */
  only?: Span | undefined;
  /** Only the sources of this alias. */
  alias?: string | undefined;
  /** Told the pass's row in the table runs once it has one. */
  onBegin?: ((runId: number) => void) | undefined;
  onProgress?: ((progress: SourceProgress) => void) | undefined;
  /** Waits for a running pass in place of failing, and is told so. */
  onWait?: ((sentence: string) => void) | undefined;
}

export interface PassSummary {
  runId: number;
  outcome: Outcome;
  startedAt: string;
  finishedAt: string;
  sources: SourceResult[];
  /** Whether what was collected is signed. A pass that isn't is complete all the same. */
  signing: SignedPass;
}

/**
 * One pass of the collector over all sources, several at a time, each by itself: one that fails leaves the others alone.
 * Throws PassRunning where another pass holds the archive, LeaseLost, and SQLite's errors; a source's failures are in
 * the summary.
 */
export async function runPass(deps: PassDeps, options: PassOptions = {}): Promise<PassSummary> {
  const { db, config, now } = deps;
  // Also where only one source is collected, or another pass is: what is configured is owed.
  const ownRegion = await oweConfigured(db, { config, now });
  const lease = await holdLease({ db, now, signal: deps.signal, onWait: options.onWait });
  try {
    const startedAt = isoFromMs(now().getTime());
    const collector = `${lease.holder.host}:${lease.holder.pid}`;
    const runId = beginRun(db.sqlite, { startedAt, collector });
    options.onBegin?.(runId);
    const recordPage = createPageWriter(createPagesRecorder(db.sqlite));
    const sources: SourceResult[] = [];
    let outcome: Outcome = 'failed';
    let signing: SignedPass;
    try {
      const configured = regionalSources(config, ownRegion);
      const isCollected = (n: number) => options.alias === undefined || configured[n]?.source.alias === options.alias;
      const claims = createPlaceClaims(configured.map(configuredPlace), {
        isCollected,
        ask: (n) => askPlace(deps, configured[n]),
      });
      const queue = configured.map((regional, n) => ({ ...regional, n })).filter(({ n }) => isCollected(n));
      const collecting = runQueue(queue, SOURCES_AT_ONCE, async ({ source, region, n }) => {
        const claim: Claim = {
          settle: (place) => claims.settle(n, place),
          earlierAlias: (place) => claims.earlierAlias(n, place),
        };
        const result = await collectOne({ ...deps, runId, recordPage, lease, claim }, options, source, region);
        recordRunSource(db.sqlite, runId, result);
        sources.push(result);
      });
      for (const result of failRefused(config, options.alias, startedAt)) {
        recordRunSource(db.sqlite, runId, result);
        sources.push(result);
      }
      await indexWhile(collecting, db, deps.signal);
      outcome = worst(sources.map((source) => source.outcome));
    } finally {
      finishRun(db.sqlite, runId, { finishedAt: isoFromMs(now().getTime()), outcome });
      signing = await signPass(deps);
    }
    warnOfForgetting(deps);
    return { runId, outcome, startedAt, finishedAt: isoFromMs(now().getTime()), sources, signing };
  } finally {
    lease.release();
  }
}

/** Makes outputs searchable as they come, and the last of them when all has come. An interrupted pass leaves them to the next. */
async function indexWhile(collecting: Promise<void>, db: ArchiveDb, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  collecting.then(end, end);
  try {
    while (!ended.signal.aborted) {
      await sleep(INDEXING_PAUSE_MS, ended.signal);
      await indexOutputs(db.sqlite, signal);
    }
  } finally {
    await collecting;
  }
}

interface OneDeps extends PassDeps {
  runId: number;
  recordPage(page: RecordedPage): Promise<PageTally>;
  lease: HeldLease;
  claim: Claim;
}

/** A source's claim to the account and region that it turns out to be. */
interface Claim {
  settle(place: SourceKey | undefined): void;
  earlierAlias(place: SourceKey): Promise<string | undefined>;
}

async function collectOne(
  deps: OneDeps,
  options: PassOptions,
  config: SourceConfig,
  region: string | undefined,
): Promise<SourceResult> {
  const { db, now, random, signal, log } = deps;
  const total = emptyTally();
  const startedAtMs = now().getTime();
  const progress: SourceProgress = Object.assign(total, {
    alias: config.alias,
    region: region ?? '',
    accountId: accountOfSource(config) ?? null,
    startedAtMs,
    partsPlanned: 0,
    partsEnded: 0,
    outcome: 'running' as const,
    error: null,
  });
  const report = () => options.onProgress?.(progress);
  const isoNow = () => isoFromMs(now().getTime());
  const owe = (known: ConfiguredSource) => noteOwed(db.sqlite, [known], { at: isoNow(), hasAnswered: true });
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  let source: Source | undefined;
  let outcome: Outcome = 'failed';
  let errors: string[] = [];
  let changedAfterEnd = 0;
  report();
  try {
    const { aws, callDeadlineMs } = deps.config;
    const onSilence = (sentence: string) => log.warn({ alias: config.alias, region }, sentence);
    const connecting = { now, pacer, counts: total, aws, signal, callDeadlineMs, onSilence };
    source = await connectSource(connecting, config, region);
    const { accountId, region: usedRegion } = source;
    progress.region = usedRegion;
    deps.claim.settle(source);
    const earlier = await deps.claim.earlierAlias(source);
    if (earlier !== undefined) throw new SourceTwice({ alias: config.alias, earlier, accountId, region: usedRegion });
    progress.accountId = accountId;
    owe({ alias: config.alias, accountId, region: usedRegion });
    report();
    const collected = await collectSource(
      {
        db,
        now,
        signal,
        source,
        total,
        runId: deps.runId,
        recordPage: deps.recordPage,
        renewLease: deps.lease.renew,
        slicesAtOnce: deps.config.slicesAtOnce,
        onPage: report,
        onChangedAfterEnd(count) {
          changedAfterEnd += count;
        },
      },
      {
        settlingMs: deps.config.settlingMs,
        overlapMs: deps.config.overlapMs,
        spreadMs: deps.config.spreadMs,
        lateLooks: deps.config.lateLooks,
        only: options.only,
        isOfArchive: deps.config.aws?.isArchive ?? false,
        onParts({ planned = 0, ended = 0 }) {
          progress.partsPlanned += planned;
          progress.partsEnded += ended;
          report();
        },
      },
    );
    outcome = collected.outcome;
    errors = collected.errors;
    if (changedAfterEnd > 0) collected.warnings.push(alarm(changedAfterEnd));
    for (const warning of collected.warnings) log.warn({ alias: config.alias, region: source.region }, warning);
  } catch (error) {
    // Whose account and region another source has is not collected under them: it stands by its alias alone.
    const isTwice = error instanceof SourceTwice;
    if (isTwice) progress.accountId = null;
    if (source && !isTwice) throw error;
    const failure = classifyFailure(error);
    // A call that waits to be tried again gives its last fault, also where it is the stop that ended it.
    outcome = failure.kind === 'interrupted' || signal.aborted ? 'interrupted' : 'failed';
    errors = outcome === 'interrupted' ? [] : [failure.sentence];
    // One that was a double when it last answered, and answers no more, may be anything by now.
    if (isTwice) {
      // Both may have answered in the same moment: the other is owed before this one no longer is.
      owe(error.other);
      const double = { alias: config.alias, region, sentence: failure.sentence, at: isoNow() };
      forgetDouble(db.sqlite, { ...double, other: error.other });
    } else if (outcome === 'failed') owe({ alias: config.alias, accountId: accountOfSource(config), region });
  } finally {
    deps.claim.settle(undefined);
    source?.close();
  }
  const error = errors.length > 0 ? summarize(errors) : null;
  Object.assign(progress, { outcome, error });
  report();
  const { pages, calls, throttles, faults, rowsSeen, rowsAdded, rowsChanged } = total;
  return {
    alias: config.alias,
    region: progress.region,
    accountId: progress.accountId,
    outcome,
    error,
    ...{ pages, calls, throttles, faults, rowsSeen, rowsAdded, rowsChanged },
    clockSkewMs: source?.clockSkewMs() ?? null,
    startedAt: isoFromMs(startedAtMs),
    finishedAt: isoFromMs(now().getTime()),
  };
}

function alarm(count: number): string {
  const what = count === 1 ? 'an invocation' : `${count} invocations`;
  return `The service has changed ${what} after the end. Each state that was seen is kept, the earlier ones too: the invocation's revisions have what changed.`;
}

/** One sentence of each kind: thirty slices that failed alike are said once. */
function summarize(errors: string[]): string {
  const distinct = [...new Set(errors)];
  const shown = distinct.slice(0, 3).join(' ');
  return distinct.length > 3 ? `${shown} (and ${distinct.length - 3} more, in the table sweeps)` : shown;
}

function worst(outcomes: Outcome[]): Outcome {
  if (outcomes.includes('interrupted')) return 'interrupted';
  return outcomes.includes('failed') ? 'failed' : 'complete';
}
