import { assumeSpread } from '../archive/coverage/read-spread.ts';
import type { Outcome } from '../model/coverage/outcomes.ts';
import type { Span } from '../model/coverage/spans.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { lookAgain } from './looks/look-again.ts';
import { type SourcePass, timesOf } from './source-pass.ts';
import { followUp } from './steps/follow-up.ts';
import { listExecuting } from './steps/list-executing.ts';
import { listSlices } from './steps/list-slices.ts';
import { listUnfinishedCommands } from './steps/list-unfinished-commands.ts';

export interface CollectOptions {
  /**
   * How much later than its command an invocation may be requested. This time is assumed until the archive has seen a
   * longer one.
   */
  spreadMs: number;
  /** How many calls may look again at final invocations. */
  lateLooks: number;
  /** Lists this span, covered or not, instead of the spans that are due. */
  only?: Span | undefined;
}

/** How a source ended: `errors` has a sentence for each thing that could not be collected. */
export interface Collected {
  outcome: Outcome;
  errors: string[];
  warnings: string[];
}

/**
 * Makes one pass over one source, step by step: remembers the commands that execute now, lists the commands that were
 * unfinished before, looks again at some final invocations, lists slices of time, and follows the commands that these
 * slices showed as unfinished.
 *
 * The executing commands come first: a command that starts later is newer than everything that the slices may call
 * covered. No slice counts as covered before the invocations that earlier commands have added since then are recorded.
 * Failures of the source are returned; database errors and a lost lease are thrown.
 */
export async function collectSource(pass: SourcePass, options: CollectOptions): Promise<Collected> {
  const { only } = options;
  const errors: string[] = [];
  const warnings: string[] = [];
  // Taken before the first listing: a command that begins while the executing ones are listed is then newer than
  // everything that may be covered.
  const begunAtMs = pass.now().getTime();
  try {
    assumeSpread(pass.db.sqlite, pass.source, options.spreadMs);
    const { executing, ...listed } = await listExecuting(pass, begunAtMs);
    errors.push(...listed.errors);
    warnings.push(...listed.warnings);
    const knowsExecuting = executing === 'known';

    const before = await followUp(pass, { knowsExecuting, followed: new Set() });
    errors.push(...before.errors);
    // Looks come before the slices, because an invocation that the slices show need not be looked at again so soon.
    if (!only) errors.push(...(await lookAtFinal(pass, options.lateLooks)));
    const slices = await listSlices(pass, { begunAtMs, executing, only });
    errors.push(...slices.errors);
    errors.push(...(await followUp(pass, { knowsExecuting, followed: before.followed })).errors);
    const seen = new Set([...listed.commandIds, ...slices.commandIds]);
    if (knowsExecuting) errors.push(...(await listUnfinishedCommands(pass, seen)));
    return { outcome: errors.length > 0 ? 'failed' : 'complete', errors, warnings };
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    if (kind === 'interrupted' || pass.signal.aborted) return { outcome: 'interrupted', errors, warnings };
    if (kind === 'fatal') throw error;
    return { outcome: 'failed', errors: [...errors, sentence], warnings };
  }
}

/** Looks again at final invocations. Returns failures as sentences, so that they do not stop the other steps. */
async function lookAtFinal(pass: SourcePass, mostCalls: number): Promise<string[]> {
  const { earliestNowMs, latestNowMs } = timesOf(pass);
  try {
    return await lookAgain(pass, { mostCalls, earliestNowMs, latestNowMs });
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    if (kind !== 'failed' && kind !== 'source') throw error;
    return [sentence];
  }
}
