import { emptyTally, type Outcome, type SourceResult } from '../archive/record/record-run.ts';
import type { Config, SourceConfig } from '../config/config.ts';
import { runQueue } from '../lib/run-queue.ts';
import { isoFromMs, type Now } from '../lib/time.ts';
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
  /** Told of an endpoint that does not answer, while it is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
}

/** A pass that came to nothing: how each source failed before it said anything. It is recorded nowhere, so it has no number. */
export interface UnansweredPass {
  runId: null;
  outcome: Exclude<Outcome, 'complete'>;
  startedAt: string;
  finishedAt: string;
  sources: SourceResult[];
}

/**
 * Waits for the first reply: a source whose credentials and account STS confirms, all others broken off then. Undefined once one has come.
 * A new archive is made only after that, so that a call with wrong credentials, or without a network, leaves nothing behind.
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

/** How the source failed; undefined where it has answered. */
async function askWhoItIs(
  { config: { aws, callDeadlineMs }, now, random, signal, onSilence: tell }: AwaitDeps,
  source: SourceConfig,
  region: string | undefined,
): Promise<SourceResult | undefined> {
  const startedAt = isoFromMs(now().getTime());
  const counts = emptyTally();
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  try {
    // No reply is in flight that would be worth waiting for.
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
