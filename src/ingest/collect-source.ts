import { assumeSpread } from '../archive/coverage/read-spread.ts';
import type { Outcome } from '../archive/record/record-run.ts';
import type { Span } from '../model/coverage/spans.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { lookAgain } from './looks/look-again.ts';
import { type SourcePass, timesOf } from './source-pass.ts';
import { followUp } from './steps/follow-up.ts';
import { listExecuting } from './steps/list-executing.ts';
import { listSlices } from './steps/list-slices.ts';
import { listUnfinishedCommands } from './steps/list-unfinished-commands.ts';

export interface CollectOptions {
  /** How long after its command an invocation is assumed to be requested at most, so far as none was seen that came later. */
  spreadMs: number;
  /** How many calls may look again at what is final. */
  lateLooks: number;
  /** Lists this span, covered or not, in place of what is due. */
  only?: Span | undefined;
}

/** How a source ended: `errors` has a sentence for each thing that could not be collected. */
export interface Collected {
  outcome: Outcome;
  errors: string[];
  warnings: string[];
}

/**
 * One pass over one source, step by step. The commands that execute now are remembered; what was unfinished before is listed by command;
 * what is final is looked at again now and then; then come slices of time, and what those brought unfinished. The commands come first: one
 * that starts later lies after what the slices may call covered; and no slice counts as covered before what earlier commands have brought
 * since is here. Never throws for the source's own failures; database errors and a lost lease do come through.
 */
export async function collectSource(pass: SourcePass, options: CollectOptions): Promise<Collected> {
  const { only } = options;
  const errors: string[] = [];
  const warnings: string[] = [];
  // Before the first listing: what begins while executing commands are listed is newer than all that may be covered.
  const begunAtMs = pass.now().getTime();
  try {
    assumeSpread(pass.db.sqlite, pass.source, options.spreadMs);
    const { executing, ...listed } = await listExecuting(pass, begunAtMs);
    errors.push(...listed.errors);
    warnings.push(...listed.warnings);
    const knowsExecuting = executing === 'known';

    const before = await followUp(pass, { knowsExecuting, followed: new Set() });
    errors.push(...before.errors);
    // Before the slices: what they bring has only just been looked at.
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

/** What fails of the looks keeps nothing else from being collected. */
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
