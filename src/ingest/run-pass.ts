import { indexOutputs } from '../archive/record/index-outputs.ts';
import { createRepliesRecorder } from '../archive/record/record-replies.ts';
import { beginRun, finishRun, recordRunSource, type SourceResult } from '../archive/record/record-run.ts';
import type { ArchiveDb } from '../db/open.ts';
import { runQueue } from '../lib/run-queue.ts';
import { isoFromMs, sleep } from '../lib/time.ts';
import type { Outcome } from '../model/coverage/outcomes.ts';
import type { Span } from '../model/coverage/spans.ts';
import { type SignedPass, signPass } from './checkpoints/sign-pass.ts';
import type { PassDeps } from './pass-deps.ts';
import { type HeldLease, holdLease } from './passes/hold-lease.ts';
import { oweConfigured } from './passes/owe-configured.ts';
import { warnOfForgetting } from './passes/warn-of-forgetting.ts';
import { askPlace, configuredPlace, regionalSources } from './places/ask-place.ts';
import { createPlaceClaims } from './places/claim-places.ts';
import { failRefused } from './places/fail-refused.ts';
import type { PassEvent } from './progress/pass-event.ts';
import { createLateRecorder } from './record/create-late-recorder.ts';
import { createReplyWriter } from './record/create-reply-writer.ts';
import { runSource } from './run-source.ts';

const SOURCES_AT_ONCE = 8;
/** In a long pass, an output becomes searchable at most this long after its reply. */
const INDEXING_PAUSE_MS = 2000;

export interface PassOptions {
  /** Lists this span of requested time, covered or not. */
  only?: Span | undefined;
  /** If given, only the sources of this alias are collected. */
  alias?: string | undefined;
  /** If another pass runs, this pass waits for it instead of failing. */
  waits?: boolean | undefined;
  /** Called with each event of the pass. */
  onEvent?: ((event: PassEvent) => void) | undefined;
}

export interface PassSummary {
  runId: number;
  outcome: Outcome;
  startedAt: string;
  finishedAt: string;
  sources: SourceResult[];
  /** Whether what was collected is signed. A pass that could not be signed may still be complete. */
  signing: SignedPass;
}

/**
 * Makes one pass over all sources, several at a time. A source that fails does not affect the others. Throws
 * PassRunning if another pass has the archive's lease, LeaseLost, and SQLite's errors; failures of sources are in the
 * summary.
 */
export async function runPass(deps: PassDeps, options: PassOptions = {}): Promise<PassSummary> {
  const { db, config, now, signal } = deps;
  const tell = (event: PassEvent) => options.onEvent?.(event);
  const onWait = options.waits ? (sentence: string) => tell({ kind: 'waiting', sentence }) : undefined;
  // This is done even if only one source is collected, or another pass runs: all configured sources are owed.
  const ownRegion = await oweConfigured(db, { config, now });
  const lease = await holdLease({ db, now, signal, onWait });
  try {
    const startedAt = isoFromMs(now().getTime());
    const collector = `${lease.holder.host}:${lease.holder.pid}`;
    const runId = beginRun(db.sqlite, { startedAt, collector });
    tell({ kind: 'begun', runId });
    const sources: SourceResult[] = [];
    let outcome: Outcome = 'failed';
    let signing: SignedPass;
    const keep = (result: SourceResult) => {
      recordRunSource(db.sqlite, runId, result);
      sources.push(result);
    };
    try {
      const collecting = runSources({ ...deps, runId, lease, ownRegion }, options, keep);
      for (const result of failRefused(config, options.alias, startedAt)) keep(result);
      await indexWhile(collecting, db, signal);
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

interface SourcesDeps extends PassDeps {
  runId: number;
  lease: HeldLease;
  /** The region for sources that name none. */
  ownRegion: string | undefined;
}

/** Collects all sources of the pass, in the order of the configuration, and reports how each ended. */
async function runSources(
  deps: SourcesDeps,
  { alias, only, onEvent }: PassOptions,
  keep: (result: SourceResult) => void,
): Promise<void> {
  const write = createReplyWriter(createRepliesRecorder(deps.db.sqlite));
  const writeReply = deps.findSealed ? createLateRecorder(deps.db, deps.findSealed, write) : write;
  const configured = regionalSources(deps.config, deps.ownRegion);
  const isCollected = (n: number) => alias === undefined || configured[n]?.source.alias === alias;
  const claims = createPlaceClaims(configured.map(configuredPlace), {
    isCollected,
    ask: (n) => askPlace(deps, configured[n]),
  });
  const queue = configured
    .map((regional, n) => ({ ...regional, n }))
    .filter(({ n }) => isCollected(n))
    .map((regional, place) => ({ ...regional, place }));
  await runQueue(queue, SOURCES_AT_ONCE, async ({ source, region, n, place }) => {
    const result = await runSource(
      {
        ...deps,
        writeReply,
        renewLease: deps.lease.renew,
        claim: {
          settle: (settled) => claims.settle(n, settled),
          earlierAlias: (settled) => claims.earlierAlias(n, settled),
        },
        tell: (view) => onEvent?.({ kind: 'source', place, source: view }),
      },
      { source, region },
      only,
    );
    keep(result);
  });
}

/**
 * Makes outputs searchable as they come, and the last of them once all have come. If the pass is interrupted, it leaves
 * the rest to the next pass.
 */
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

function worst(outcomes: Outcome[]): Outcome {
  if (outcomes.includes('interrupted')) return 'interrupted';
  return outcomes.includes('failed') ? 'failed' : 'complete';
}
