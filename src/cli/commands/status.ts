import type { Command } from '@commander-js/extra-typings';
import { sayShort } from '../../archive/coverage/read-short.ts';
import { soonForgotten } from '../../archive/coverage/soon-forgotten.ts';
import { problemsOf } from '../../archive/figures/problems-of.ts';
import { type LakeFigures, type NextSeal, sayNextSeal } from '../../archive/figures/read-lake.ts';
import { type ArchiveStatus, readStatus } from '../../archive/figures/read-status.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readSigning, type SigningState } from '../../archive/signing/read-signing.ts';
import { loadConfig } from '../../config/load-config.ts';
import { createRecordedPasses } from '../../ingest/collector/recorded-passes.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { nextSeal } from '../../lake/seal/next-seal.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { findOwnFiles } from '../archive/own-files.ts';
import { readArchive } from '../archive/read-archive.ts';
import type { Terminal } from '../terminal.ts';
import { bytes, count, counted, table } from '../text/format.ts';
import { type Line, styled } from '../text/line.ts';

/** `status`: shows what the archive holds, how its last pass went, and what is about to be lost. */
export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description(
      'show sources, last pass, rows, unfinished invocations, and what the service will soon forget although it is not collected',
    )
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExit code 1 if the last pass failed, something that is owed is not collected, or the ledger cannot be signed.',
    )
    .action(async (options) => {
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey']);
      release();
      await readArchive(config.db, terminal, (db, terminal) => {
        const passes = createRecordedPasses({ db, now: () => new Date() });
        const nowMs = Date.now();
        const when = { nowMs, settlingMs: config.settlingMs };
        const status = withoutDeadPass(readStatus(db.sqlite, nowMs), (id) => passes.get(id)?.state);
        const soon = soonForgotten(db.sqlite, when);
        const uncollected = soon.flatMap(({ uncollected: spans, unfinished: _, ...of }) =>
          spans.map((span) => ({ ...of, ...span })),
        );
        const owner = { keyPath: config.ledgerKey, authDb: config.authDb, db: config.db };
        const signing = readSigning(db.sqlite, owner);
        const configured = configuredSources(config.sources);
        const problems = problemsOf(db.sqlite, { status, soon, ...when, configured });
        const { lake } = config;
        const nextSealed = lake && nextSeal(db.sqlite, { ...when, sealAfterMs: lake.sealAfterMs });
        const whole = {
          archive: config.db,
          archiveNumber: readArchiveNumber(db.sqlite),
          ...status,
          signing,
          nextSeal: nextSealed ?? null,
          uncollectedSoonForgotten: uncollected,
          problems,
        };
        if (options.json) terminal.json(whole);
        else terminal.out(describeStatus(config.db, whole, problems, terminal));
        if (problems.length > 0 || signing.fault !== null) process.exitCode = 1;
      });
    });
}

/**
 * Replaces the outcome `running` of a pass whose process was killed: the archive keeps that outcome until the next
 * pass.
 */
function withoutDeadPass(status: ArchiveStatus, stateOf: (id: string) => string | undefined): ArchiveStatus {
  const { lastRun } = status;
  if (lastRun?.outcome !== 'running') return status;
  return { ...status, lastRun: { ...lastRun, outcome: stateOf(`run-${lastRun.id}`) ?? lastRun.outcome } };
}

function describeStatus(
  path: string,
  status: ArchiveStatus & { archiveNumber: number; signing: SigningState; nextSeal: NextSeal | null },
  problems: readonly string[],
  terminal: Terminal,
): Line[] {
  const { lastRun } = status;
  const lines: Line[] = [
    `Archive    ${path}, ${bytes(status.fileSizeBytes)}`,
    `Rows       ${counted(status.invocations, 'invocation')}${status.lake ? '; in the file' : ''}, ${counted(status.plugins, 'plugin')}, ${counted(status.outputs, 'distinct output')}, ${counted(status.revisions, 'revision')}`,
    lastRun
      ? `Last pass  ${lastRun.outcome}, started ${lastRun.startedAt}${lastRun.finishedAt ? `, ended ${lastRun.finishedAt}` : ''}`
      : 'Last pass  none yet; run "ssm-archive ingest"',
    ...describeSigning(status.signing),
    ...describeNumber(status),
    ...describeLake(status.lake, status.nextSeal),
    '',
  ];
  const rows = status.sources.map((s) => [
    s.accountId,
    s.region,
    s.alias ?? '-',
    s.lastOutcome ?? '-',
    s.invocations,
    s.unfinished - s.unfinishedForgotten,
    s.newestRequestedAt ?? '-',
  ]);
  lines.push(
    ...table(['ACCOUNT', 'REGION', 'SOURCE', 'LAST', 'INVOCATIONS', 'UNFINISHED', 'NEWEST'], rows, terminal.outWidth),
  );
  for (const s of status.sources) {
    const place = `${s.accountId} ${s.region}`;
    if (s.unfinishedSoonForgotten > 0) {
      lines.push(
        styled(
          'yellow',
          `${place}: ${count(s.unfinishedSoonForgotten)} unfinished within 72 hours of the service's cutoff; keep collecting until they end.`,
        ),
      );
    }
    if (s.unfinishedForgotten > 0) {
      lines.push(
        styled(
          'yellow',
          `${place}: ${count(s.unfinishedForgotten)} last seen unfinished, and then forgotten by the service: how they ended is not known.`,
        ),
      );
    }
  }
  for (const s of status.sources) {
    const sentence = sayShort(s);
    if (sentence !== undefined) lines.push(`${s.accountId} ${s.region}: ${sentence}`);
  }
  for (const { accountId, region, due, leftOut } of status.lateLooks) {
    const place = `${accountId} ${region}`;
    if (due > 0) lines.push(`${place}: ${counted(due, 'final invocation')} will be looked at once more.`);
    if (leftOut > 0)
      lines.push(
        styled(
          'yellow',
          `${place}: ${counted(leftOut, 'final invocation')} never looked at again: whether ${leftOut === 1 ? 'it' : 'they'} changed late is not known. If this number grows, raise SSM_ARCHIVE_LATE_LOOKS, or collect more often.`,
        ),
      );
  }
  return [...lines, ...problems.map((problem) => styled('red', problem))];
}

/** The archive's number, where a lake may have others. */
function describeNumber({
  archiveNumber,
  lake,
  nextSeal,
}: {
  archiveNumber: number;
  lake: LakeFigures | null;
  nextSeal: NextSeal | null;
}): Line[] {
  const hasLake = lake !== null || nextSeal !== null;
  return archiveNumber > 0 || hasLake
    ? [`Number     ${archiveNumber}, among the archives that may share the lake`]
    : [];
}

/** What is in the lake, and which day is sealed next; nothing if there is no lake. */
function describeLake(lake: LakeFigures | null, next: NextSeal | null): Line[] {
  if (lake === null) return next === null ? [] : [`Lake       no day is sealed. ${sayNextSeal(next)}`];
  const { days, firstDay, floor, invocations, unsealed } = lake;
  const back = unsealed === 0 ? '' : `, ${counted(unsealed, 'day')} brought back`;
  return [
    `Lake       ${counted(days, 'day')} from ${firstDay} on, ${counted(invocations, 'invocation')} in ${bytes(lake.bytes)}${back}; first day never sealed: ${floor}${next === null ? '' : `. ${sayNextSeal(next)}`}`,
  ];
}

function describeSigning({ origin, leaves, signedLeaves, signedAt, fault }: SigningState): Line[] {
  const signed =
    origin === null
      ? 'not yet'
      : `${count(signedLeaves)} of ${counted(leaves, 'leaf', 'leaves')}, by ${origin}${signedAt === null ? '' : ` at ${signedAt}`}`;
  return [`Signed     ${signed}`, ...(fault === null ? [] : [styled('red', `NOT SIGNED ${fault}`)])];
}
