import { queueOutputs } from '../../archive/outputs/queue-outputs.ts';
import {
  keepFetched,
  listQueued,
  noteDenied,
  noteFailed,
  putBehind,
  type QueuedOutput,
} from '../../archive/outputs/queued-outputs.ts';
import type { FullOutputsConfig } from '../../config/config.ts';
import { DAY_MS, isoFromMs } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import type { FetchedOutput, Provenance } from '../../model/outputs/full-output.ts';
import { isUnknownHost, isUnreached } from '../../upstream/calls/connection-fault.ts';
import { CallLate, Interrupted, ReplyUnreadable } from '../../upstream/errors.ts';
import { OutputDenied, OutputGone } from '../../upstream/outputs/output-errors.ts';
import type { CallCounts } from '../../upstream/replies/count-attempts.ts';
import { isThrottle } from '../../upstream/replies/is-throttle.ts';
import { classifyFailure } from '../list/classify-failure.ts';
import type { SourcePass } from '../source-pass.ts';
import { choosePlaces, isAlone, storedStreams } from './choose-places.ts';
import { sayDenied } from './say-denied.ts';

/** An output that can't be read must not keep others waiting, nor many of them a pass. So it is with those denied. */
const MOST_FAILURES = 3;

export interface FetchDeps {
  pass: SourcePass;
  config: FullOutputsConfig;
  /** Renews the lease; within a transaction it throws if another collector has taken over. */
  renewLease(nowMs: number): void;
}

/** What one pass has done so far for a source. */
interface Fetching extends FetchDeps {
  counts: CallCounts;
  /** The outputs that each place denied, by their rows in the queue, with the first refusal. */
  denied: Map<string, { first: OutputDenied; rows: Set<number> }>;
  /** How many steps failed in each place: after some failures the next pass goes on with it. */
  failures: Map<string, number>;
  /** The last failure of each kind of place, as a sentence. */
  failed: Map<Provenance, string>;
  /** How many calls were late: each of them takes a minute of the pass. */
  late: number;
}

/**
 * Queues the outputs that were cut and that the configuration selects, and fetches some of those that are queued: those
 * first that the service forgets first, until the calls of this pass are used up. Returns warnings. What fails stays
 * queued for the next pass and never fails this one; database errors, a lost lease and Interrupted are thrown.
 */
export async function fetchOutputs(deps: FetchDeps): Promise<string[]> {
  const { pass, config, renewLease } = deps;
  const { sqlite } = pass.db;
  const { source, isOfArchive } = pass;
  const nowMs = pass.now().getTime();
  queueOutputs(sqlite, source, {
    choose: (step) => choosePlaces(step, source.accountId, config),
    since: isoFromMs(nowMs - RETENTION_MS - DAY_MS),
    renew: () => renewLease(pass.now().getTime()),
  });
  const counts: CallCounts = { calls: 0, throttles: 0, faults: 0 };
  const fetching: Fetching = { ...deps, counts, denied: new Map(), failures: new Map(), failed: new Map(), late: 0 };
  try {
    for (const provenance of config.from) {
      // Another archive answers for Systems Manager only.
      if (provenance === 'get' || !isOfArchive) await fetchFrom(fetching, provenance);
    }
  } finally {
    pass.progress.add(counts);
  }
  const failures = [...fetching.failed].map(
    ([provenance, sentence]) =>
      `Full outputs (${provenance}) were not all fetched, and the next pass goes on: ${sentence}`,
  );
  return [...sayDenied([...fetching.denied.values()].map(({ first }) => first)), ...failures];
}

async function fetchFrom(fetching: Fetching, provenance: Provenance): Promise<void> {
  const { pass } = fetching;
  let after: QueuedOutput | undefined;
  for (;;) {
    const queued = listQueued(pass.db.sqlite, pass.source, provenance, after);
    if (queued.length === 0) return;
    const refused = new Map<OutputDenied, number[]>();
    const goesOn = await fetchEach(fetching, queued, refused);
    for (const [{ message }, rowIds] of refused) noteDenied(pass.db.sqlite, rowIds, message);
    if (!goesOn) return;
    after = queued.at(-1);
  }
}

/** Fetches these, adds to `refused` those whose place refuses them, and returns whether the pass may ask for more. */
async function fetchEach(
  fetching: Fetching,
  queued: readonly QueuedOutput[],
  refused: Map<OutputDenied, number[]>,
): Promise<boolean> {
  const { pass, config, counts, denied, failures } = fetching;
  for (const one of queued) {
    const { provenance, rowId } = one;
    if (counts.calls >= config.callsAPass || fetching.late >= MOST_FAILURES) return false;
    if (pass.signal.aborted) throw new Interrupted();
    // The configuration, or the step, may have changed since the step was queued.
    if (provenance === 'get' ? !isAlone(one) : storedStreams(one, provenance, config).length === 0) continue;
    const place = placeOf(one, config);
    if ((failures.get(turnOf(one, place)) ?? 0) >= MOST_FAILURES) continue;
    const rows = denied.get(place)?.rows;
    const isAsked = !rows || (rows.size < MOST_FAILURES && !rows.has(rowId));
    if (isAsked) await fetchOne(fetching, one);
    const refusal = denied.get(place);
    if (refusal && (!isAsked || refusal.rows.has(rowId)))
      refused.set(refusal.first, [...(refused.get(refusal.first) ?? []), rowId]);
  }
  return true;
}

async function fetchOne(fetching: Fetching, queued: QueuedOutput): Promise<void> {
  const { pass, config, renewLease, denied } = fetching;
  const { sqlite } = pass.db;
  const at = () => isoFromMs(pass.now().getTime());
  const { throttles } = fetching.counts;
  try {
    const fetched = await read(fetching, queued);
    keepFetched(sqlite, queued, fetched, {
      fetchedAt: at(),
      renew: () => renewLease(pass.now().getTime()),
    });
  } catch (error) {
    if (error instanceof OutputDenied) {
      putBehind(sqlite, queued);
      const place = placeOf(queued, config);
      const { first, rows } = denied.get(place) ?? { first: error, rows: [] };
      denied.set(place, { first, rows: new Set([...rows, queued.rowId]) });
      return;
    }
    if (error instanceof OutputGone) {
      noteFailed(sqlite, queued, { sentence: error.message, at: at(), isLast: true });
      return;
    }
    const { kind, sentence } = classifyFailure(error);
    if (kind === 'interrupted' || kind === 'fatal') throw error;
    noteFailure(fetching, queued, error);
    // A service that is throttled or away says nothing about the step, whose tries must outlast it. A call may be late
    // for nothing but throttles.
    const isTry = fetching.counts.throttles === throttles && !isThrottle(error) && !isAway(error);
    noteFailed(sqlite, queued, { sentence, at: at(), isLast: false, isTry });
    fetching.failed.set(queued.provenance, sentence);
  }
}

/** Counts a failure, after some of which, or at once if there is no use in asking on, the place is left alone. */
function noteFailure(fetching: Fetching, queued: QueuedOutput, error: unknown): void {
  const { failures } = fetching;
  const place = placeOf(queued, fetching.config);
  const isLate = error instanceof CallLate;
  if (isLate) fetching.late += 1;
  if (isLate || isAway(error)) {
    for (const tries of [0, 1]) failures.set(turnOf({ tries }, place), MOST_FAILURES);
    return;
  }
  const turn = turnOf(queued, place);
  failures.set(turn, (failures.get(turn) ?? 0) + 1);
}

/** Steps that have failed before come first, as they are older. Their failures leave the others of their place a turn. */
function turnOf({ tries }: Pick<QueuedOutput, 'tries'>, place: string): string {
  return tries > 0 ? `${place} again` : place;
}

/** Whether there was no connection at all. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return isUnreached(code) || isUnknownHost(code);
}

/** Reads both streams of a step. Throws OutputGone if neither is there. */
async function read({ pass, config, counts }: Fetching, queued: QueuedOutput): Promise<FetchedOutput[]> {
  const { outputs } = pass.source;
  const { provenance, commandId, instanceId, name } = queued;
  const reading = { maxBytes: config.maxBytes, counts };
  if (provenance === 'get')
    return outputs.getInvocationOutput({ commandId, instanceId, pluginName: name ?? undefined }, reading);
  const fetched: FetchedOutput[] = [];
  let missing: unknown = new OutputGone('Its command names no place.');
  for (const stored of storedStreams(queued, provenance, config)) {
    try {
      fetched.push(
        await (provenance === 's3' ? outputs.readObject(stored, reading) : outputs.readLogStream(stored, reading)),
      );
    } catch (error) {
      // The agent writes nothing for an empty stream. Without s3:ListBucket, S3 says "denied" of an object that is missing.
      const isMissing = error instanceof OutputGone || (error instanceof OutputDenied && fetched.length > 0);
      if (!isMissing) throw error;
      missing = error;
    }
  }
  if (fetched.length === 0) throw missing;
  // Only steps whose listing shows output are queued.
  if (fetched.every(({ bytes }) => bytes.length === 0))
    throw new ReplyUnreadable('What lies there is empty, although the step has printed something.');
  return fetched;
}

/** What a refusal is about: the operation, or the bucket or log group. */
function placeOf(queued: QueuedOutput, config: FullOutputsConfig): string {
  if (queued.provenance === 'get') return 'get';
  return `${queued.provenance} ${storedStreams(queued, queued.provenance, config)[0]?.store}`;
}
