import { forgetDouble } from '../archive/coverage/sources/forget-double.ts';
import { noteOwed } from '../archive/coverage/sources/note-owed.ts';
import type { ConfiguredSource } from '../archive/coverage/sources/owed-source.ts';
import type { ReplyTally, ReplyToRecord } from '../archive/record/record-replies.ts';
import type { SourceResult } from '../archive/record/record-run.ts';
import { isoFromMs } from '../lib/time.ts';
import { accountOfSource } from '../model/account-of-source.ts';
import type { Outcome } from '../model/coverage/outcomes.ts';
import type { PassSourceView } from '../model/coverage/passes.ts';
import type { Span } from '../model/coverage/spans.ts';
import type { SourceKey } from '../model/observed-invocation.ts';
import { connectSource, type Source } from '../upstream/connect-source.ts';
import { createPacer } from '../upstream/create-pacer.ts';
import { SourceTwice } from '../upstream/errors.ts';
import { type Collected, collectSource } from './collect-source.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { fetchOutputs } from './outputs/fetch-outputs.ts';
import type { PassDeps } from './pass-deps.ts';
import type { RegionalSource } from './places/ask-place.ts';
import { createSourceProgress, type SourceProgress } from './progress/source-progress.ts';
import { createReplyRecorder } from './record/create-reply-recorder.ts';
import type { SourcePass } from './source-pass.ts';

interface RunSourceDeps extends PassDeps {
  runId: number;
  writeReply(reply: ReplyToRecord): Promise<ReplyTally>;
  renewLease(nowMs: number): void;
  claim: Claim;
  /** Called with the source's view at each change. */
  tell(view: PassSourceView): void;
}

/** A source's claim to its account and region, once these are known. */
interface Claim {
  settle(place: SourceKey | undefined): void;
  earlierAlias(place: SourceKey): Promise<string | undefined>;
}

/** How a source ended, and its account and region as far as they are known. */
interface EndedSource {
  outcome: Outcome;
  errors: readonly string[];
  place: Pick<PassSourceView, 'accountId' | 'region'>;
}

/**
 * Makes one source's part of a pass: connects the source, checks whether another source has the same account and
 * region, collects it, and returns how it ended. Throws what ends the whole pass.
 */
export async function runSource(
  deps: RunSourceDeps,
  regional: RegionalSource,
  only: Span | undefined,
): Promise<SourceResult> {
  const { alias } = regional.source;
  const startedAt = isoNow(deps);
  const configured = { region: regional.region ?? '', accountId: accountOfSource(regional.source) ?? null };
  const progress = createSourceProgress({ alias, ...configured, startedAt }, deps.tell);
  let source: Source | undefined;
  let ended: EndedSource;
  try {
    source = await connect(deps, regional, progress);
    const place = await claimPlace(deps, source);
    progress.placed(place);
    ended = { ...(await collect(deps, source, progress, only)), place };
  } catch (error) {
    const isTwice = error instanceof SourceTwice;
    if (source && !isTwice) throw error;
    // If another source has this account and region, this one is recorded only under its alias.
    const place = { region: source?.region ?? configured.region, accountId: isTwice ? null : configured.accountId };
    ended = { ...endUncollected(deps, regional, error), place };
  } finally {
    deps.claim.settle(undefined);
    source?.close();
  }
  const { outcome, errors, place } = ended;
  const { region, accountId } = place;
  const error = errors.length > 0 ? summarize(errors) : null;
  progress.finished({ outcome, error, region, accountId });
  return {
    ...{ alias, region, accountId, outcome, error, ...progress.tally },
    clockSkewMs: source?.clockSkewMs() ?? null,
    ...{ startedAt, finishedAt: isoNow(deps) },
  };
}

function isoNow({ now }: RunSourceDeps): string {
  return isoFromMs(now().getTime());
}

async function connect(
  deps: RunSourceDeps,
  { source, region }: RegionalSource,
  { tally }: SourceProgress,
): Promise<Source> {
  const { now, signal, log, random } = deps;
  const { aws, callDeadlineMs } = deps.config;
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  const onSilence = (sentence: string) => log.warn({ alias: source.alias, region }, sentence);
  const connecting = { now, pacer, counts: tally, aws, signal, callDeadlineMs, onSilence };
  return connectSource(connecting, source, region);
}

/**
 * Throws SourceTwice if an earlier source has its account and region. Otherwise notes the source as owed from now on.
 */
async function claimPlace(deps: RunSourceDeps, source: Source): Promise<SourceKey> {
  const { alias, accountId, region } = source;
  deps.claim.settle(source);
  const earlier = await deps.claim.earlierAlias(source);
  if (earlier !== undefined) throw new SourceTwice({ alias, earlier, accountId, region });
  owe(deps, { alias, accountId, region });
  return { accountId, region };
}

function owe(deps: RunSourceDeps, known: ConfiguredSource): void {
  noteOwed(deps.db.sqlite, [known], { at: isoNow(deps), hasAnswered: true });
}

async function collect(
  deps: RunSourceDeps,
  source: Source,
  progress: SourceProgress,
  only: Span | undefined,
): Promise<Collected> {
  const { db, now, signal, runId, log, writeReply, renewLease } = deps;
  const { slicesAtOnce, settlingMs, overlapMs, spreadMs, lateLooks, aws } = deps.config;
  const record = createReplyRecorder({ db, source, now, writeReply, renewLease });
  const pass: SourcePass = {
    ...{ db, now, signal, runId, source, record, progress },
    ...{ slicesAtOnce, settlingMs, overlapMs, isOfArchive: aws?.isArchive ?? false },
  };
  const collected = await collectSource(pass, { spreadMs, lateLooks, only });
  const ofOutputs = collected.outcome === 'interrupted' ? [] : await fetchFull(deps, pass);
  const warnings = [...collected.warnings, ...alarmsOf(progress.changedFinal()), ...ofOutputs];
  for (const warning of warnings) log.warn({ alias: source.alias, region: source.region }, warning);
  return collected;
}

/**
 * Fetches full outputs, if that is configured, and returns warnings. The listings are recorded already, so a pass that
 * is told to stop here has collected everything.
 */
async function fetchFull({ config, renewLease }: RunSourceDeps, pass: SourcePass): Promise<string[]> {
  if (!config.fullOutputs) return [];
  try {
    return await fetchOutputs({ pass, config: config.fullOutputs, renewLease });
  } catch (error) {
    if (classifyFailure(error).kind === 'fatal') throw error;
    return [];
  }
}

/** Notes what is owed after a source could not be collected at all, and returns how it ended. */
function endUncollected(
  deps: RunSourceDeps,
  { source, region }: RegionalSource,
  error: unknown,
): Pick<EndedSource, 'outcome' | 'errors'> {
  const { alias } = source;
  const { kind, sentence } = classifyFailure(error);
  // If a stop ends a call that waits to be tried again, the error is the call's last fault, so the signal must be
  // checked too.
  const outcome = kind === 'interrupted' || deps.signal.aborted ? 'interrupted' : 'failed';
  if (error instanceof SourceTwice) {
    // Both sources may have answered in the same moment: the other source must be owed before this one stops being
    // owed.
    owe(deps, error.other);
    forgetDouble(deps.db.sqlite, { alias, region, sentence, at: isoNow(deps), other: error.other });
    // A source that was a duplicate when it last answered may have another account by now, so it is owed again until it
    // answers.
  } else if (outcome === 'failed') owe(deps, { alias, accountId: accountOfSource(source), region });
  return { outcome, errors: outcome === 'interrupted' ? [] : [sentence] };
}

/** Returns the warning that the service has changed final invocations. */
function alarmsOf(count: number): string[] {
  if (count === 0) return [];
  const what = count === 1 ? 'an invocation' : `${count} invocations`;
  return [
    `The service has changed ${what} that had ended. All states that were seen are kept: the invocation's revisions show what changed.`,
  ];
}

/** Joins the sentences without repetitions: thirty slices that failed in the same way make one sentence. */
function summarize(errors: readonly string[]): string {
  const distinct = [...new Set(errors)];
  const shown = distinct.slice(0, 3).join(' ');
  return distinct.length > 3 ? `${shown} (and ${distinct.length - 3} more, in the table sweeps)` : shown;
}
