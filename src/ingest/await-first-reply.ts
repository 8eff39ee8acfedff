import type { SourceResult } from '../archive/record/record-run.ts';
import type { Config, SourceConfig } from '../config/config.ts';
import { runQueue } from '../lib/run-queue.ts';
import { isoFromMs, type Now } from '../lib/time.ts';
import { emptyTally } from '../model/coverage/counters.ts';
import type { Outcome } from '../model/coverage/outcomes.ts';
import { connectSource } from '../upstream/connect-source.ts';
import { createPacer } from '../upstream/create-pacer.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { failRefused } from './places/fail-refused.ts';

const SOURCES_AT_ONCE = 8;

interface AwaitDeps {
  config: Config;
  now: Now;
  random(): number;
  signal: AbortSignal;
  /** Called with a sentence when an endpoint does not answer and is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
}

/** A pass in which no source answered, with the reason for each source. It is not recorded, so it has no number. */
export interface UnansweredPass {
  runId: null;
  outcome: Exclude<Outcome, 'complete'>;
  startedAt: string;
  finishedAt: string;
  sources: SourceResult[];
}

/**
 * Waits until STS confirms the credentials and account of one source, and then breaks off the calls of all others.
 * Returns undefined if a source has answered, else why each of them failed.
 *
 * A new archive is made only after that, so a start with wrong credentials or without a network leaves no file behind.
 */
export async function awaitFirstReply(deps: AwaitDeps, alias?: string): Promise<UnansweredPass | undefined> {
  const { config, now, signal } = deps;
  const startedAt = isoFromMs(now().getTime());
  const answered = new AbortController();
  const until = AbortSignal.any([signal, answered.signal]);
  const sources: SourceResult[] = [];
  const queue = config.sources
    .filter((source) => alias === undefined || source.alias === alias)
    .flatMap((source) =>
      (source.regions.length > 0 ? source.regions : [undefined]).map((region) => ({ source, region })),
    );
  await runQueue(queue, SOURCES_AT_ONCE, async ({ source, region }) => {
    const failed = await askWhoItIs({ ...deps, signal: until }, source, region);
    if (failed !== undefined) {
      sources.push(failed);
      return;
    }
    answered.abort();
    queue.splice(0);
  });
  if (answered.signal.aborted) return undefined;
  sources.push(...failRefused(config, alias, startedAt));
  const outcome = signal.aborted ? 'interrupted' : 'failed';
  return { runId: null, outcome, startedAt, finishedAt: isoFromMs(now().getTime()), sources };
}

/** Returns why the source failed, or undefined if it has answered. */
async function askWhoItIs(
  { config: { aws, callDeadlineMs }, now, random, signal, onSilence: tell }: AwaitDeps,
  source: SourceConfig,
  region: string | undefined,
): Promise<SourceResult | undefined> {
  const startedAt = isoFromMs(now().getTime());
  const counts = emptyTally();
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  try {
    // A stop need not wait for a call that is under way here: no reply is lost.
    const onSilence =
      tell && ((sentence: string) => tell(`${[source.alias, region].filter(Boolean).join(' ')}: ${sentence}`));
    const deps = { now, pacer, counts, aws, signal, callDeadlineMs, graceMs: 0, onSilence };
    (await connectSource(deps, source, region)).close();
    return undefined;
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    return {
      ...counts,
      alias: source.alias,
      region: region ?? '',
      accountId: source.accountId ?? null,
      outcome: kind === 'interrupted' || signal.aborted ? 'interrupted' : 'failed',
      error: sentence,
      clockSkewMs: null,
      startedAt,
      finishedAt: isoFromMs(now().getTime()),
    };
  }
}
