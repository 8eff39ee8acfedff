import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { OVERDUE_MS } from '../coverage/coverage-times.ts';
import type { SoonForgotten } from '../coverage/soon-forgotten.ts';
import { listOwed } from '../coverage/sources/list-owed.ts';
import { type NotConfigured, notConfigured } from '../coverage/sources/not-configured.ts';
import { type ConfiguredSource, nameOfSource } from '../coverage/sources/owed-source.ts';
import { owedSpanOf } from '../coverage/sources/owed-span.ts';
import { listCovered } from '../record/mark-covered.ts';
import { namelessFailures } from './nameless-failures.ts';
import type { ArchiveStatus } from './read-status.ts';

/** The facts from which problemsOf finds what is wrong or missing. */
export interface StatusQuestion {
  status: ArchiveStatus;
  soon: readonly SoonForgotten[];
  nowMs: number;
  settlingMs: number;
  /** The configuration of the process that asks. */
  configured: readonly ConfiguredSource[];
}

/**
 * Everything that is wrong or missing in the archive, one sentence for each problem. A sentence begins with the source,
 * the account or the pass. The list is empty if all owed sources are collected by now.
 */
export function problemsOf(sqlite: Database, question: StatusQuestion): string[] {
  const { status, soon, configured } = question;
  return [
    ...status.sources.flatMap(({ accountId, region, lastOutcome, lastError }) =>
      hasFailed(lastOutcome) && !isEnded(sqlite, { accountId, region })
        ? [`${accountId} ${region}: the last pass ${endOf(lastOutcome)}${lastError === null ? '.' : `: ${lastError}`}`]
        : [],
    ),
    ...status.missingSources.map((source) => `${nameOfSource(source)}: ${missingSentence(source)}`),
    ...notConfigured(sqlite, configured).map((source) => `${nameOfSource(source)}: ${notConfiguredSentence(source)}`),
    ...overdueOf(sqlite, question),
    ...soon.flatMap((of) => of.uncollected.map((span) => `${placeName(of)}: ${soonSentence(span)}`)),
    ...passOf(sqlite, status),
  ];
}

/** The sentence for a source that was never collected. */
export function missingSentence({ sinceAt, lastError }: { sinceAt: string; lastError: string | null }): string {
  return `missing since ${sinceAt}: never collected.${lastError === null ? '' : ` Last failure: ${lastError}`}`;
}

/** The sentence for an owed source that is not in the present configuration. */
export function notConfiguredSentence({ alias, sinceAt, isCollectedOtherwise }: NotConfigured): string {
  const how = isCollectedOtherwise ? ' Its account and region are collected under another name.' : '';
  return `owed since ${sinceAt}, but not in today’s configuration.${how} Put the source back, or end it with "ssm-archive source end ${alias}".`;
}

/** The sentence for a span that is about to be lost. */
function soonSentence({ from, to }: { from: string; to: string }): string {
  return `${from} to ${to} is not collected, and the service forgets it within 72 hours. Run "ssm-archive ingest" now.`;
}

function placeName({ alias, accountId, region }: SoonForgotten): string {
  return [alias, accountId, region].filter((part) => part !== undefined && part !== null).join(' ');
}

/** Accounts and regions that are owed, but that passes have not listed completely for a long time. */
function overdueOf(sqlite: Database, { nowMs, settlingMs }: StatusQuestion): string[] {
  const places = new Map(
    listOwed(sqlite).flatMap(({ accountId, region, endedAt }) =>
      endedAt === null && accountId !== null && region !== null
        ? [[`${accountId} ${region}`, { accountId, region }] as const]
        : [],
    ),
  );
  return [...places].flatMap(([name, place]) => {
    const newest = listCovered(sqlite, place).at(-1)?.to;
    if (newest === undefined || nowMs - settlingMs - newest <= OVERDUE_MS) return [];
    return [`${name}: not listed completely since ${isoFromMs(newest)}.`];
  });
}

function passOf(sqlite: Database, { lastRun, sources, missingSources }: ArchiveStatus): string[] {
  if (lastRun === null || !hasFailed(lastRun.outcome)) return [];
  // Most failures are already in the sentences about sources and about missing sources.
  const told = new Set([...sources, ...missingSources].map(({ lastError }) => lastError));
  const untold = namelessFailures(sqlite, lastRun.id).filter(({ error }) => !told.has(error));
  if (untold.length > 0)
    return untold.map(
      ({ alias, region, error }) => `${`${alias} ${region}`.trimEnd()}: the last pass failed: ${error}`,
    );
  // If a pass ended before it reached any source, no source's sentence reports the failure.
  return sources.some(({ lastOutcome }) => hasFailed(lastOutcome))
    ? []
    : [`Pass ${lastRun.id} ${endOf(lastRun.outcome)}.`];
}

function hasFailed(outcome: string | null): boolean {
  return outcome === 'failed' || outcome === 'interrupted';
}

/** An ended source is no longer owed. What could not be collected before its end is shown as a gap. */
function isEnded(sqlite: Database, place: SourceKey): boolean {
  return owedSpanOf(sqlite, place)?.to !== undefined;
}

function endOf(outcome: string | null): string {
  return outcome === 'failed' ? 'failed' : 'was interrupted';
}
