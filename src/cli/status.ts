import type { Command } from '@commander-js/extra-typings';
import { type ArchiveStatus, readStatus } from '../archive/read-status.ts';
import { readSigning, type SigningState } from '../archive/signing/read-signing.ts';
import { soonForgotten } from '../archive/soon-forgotten.ts';
import { loadConfig } from '../config/load-config.ts';
import { faultOfSchedule } from '../ingest/schedule.ts';
import { bytes, count, counted, table } from './format.ts';
import { type Line, styled } from './line.ts';
import { findOwnFiles } from './own-files.ts';
import { readArchive } from './read-archive.ts';
import type { Terminal } from './terminal.ts';

/** `status`: what the archive holds, how its last pass went, and what is about to be lost. */
export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('sources, last pass, rows, unfinished invocations, and what is about to be forgotten uncollected')
    .option('--json', 'print as JSON')
    .action(async (options) => {
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey']);
      release();
      await readArchive(config.db, terminal, (db, terminal) => {
        const nowMs = Date.now();
        const status = readStatus(db, nowMs);
        const uncollected = soonForgotten(db, { nowMs, settlingMs: config.settlingMs }).flatMap(
          ({ accountId, region, uncollected: spans }) => spans.map((span) => ({ accountId, region, ...span })),
        );
        const owner = { keyPath: config.ledgerKey, authDb: config.authDb, db: config.db };
        const signing = readSigning(db.sqlite, owner);
        if (signing.fault !== null) process.exitCode = 1;
        const whole = { archive: config.db, ...status, signing, uncollectedSoonForgotten: uncollected };
        if (options.json) terminal.json(whole);
        else terminal.out(describe(config.db, { ...status, signing }, uncollected, terminal));
      });
    });
}

interface Uncollected {
  accountId: string;
  region: string;
  from: string;
  to: string;
}

function describe(
  path: string,
  status: ArchiveStatus & { signing: SigningState },
  uncollected: readonly Uncollected[],
  terminal: Terminal,
): Line[] {
  const { lastRun } = status;
  const lines: Line[] = [
    `Archive    ${path}, ${bytes(status.fileSizeBytes)}`,
    `Rows       ${counted(status.invocations, 'invocation')}, ${counted(status.plugins, 'plugin')}, ${counted(status.outputs, 'distinct output')}, ${counted(status.revisions, 'revision')}`,
    lastRun
      ? `Last pass  ${lastRun.outcome}, started ${lastRun.startedAt}${lastRun.finishedAt ? `, ended ${lastRun.finishedAt}` : ''}`
      : 'Last pass  none yet; run "ssm-archive ingest"',
    ...describeSigning(status.signing),
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
    if (s.lastError) lines.push(styled('red', `${place}: ${s.lastError}`));
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
          `${place}: ${count(s.unfinishedForgotten)} last seen unfinished, and forgotten by the service since: how they ended is not known.`,
        ),
      );
    }
  }
  for (const s of status.namelessSources) {
    lines.push(
      styled('red', `${[s.alias, s.region].filter(Boolean).join(' ')}: ${s.error ?? 'could not be collected.'}`),
    );
  }
  for (const gap of uncollected) {
    lines.push(
      styled(
        'red',
        `${gap.accountId} ${gap.region}: ${gap.from} to ${gap.to} is not collected and leaves the service within 72 hours. Run "ssm-archive ingest" now.`,
      ),
    );
  }
  return lines;
}

function describeSigning({ origin, leaves, signedLeaves, signedAt, fault }: SigningState): Line[] {
  const signed =
    origin === null
      ? 'not yet'
      : `${count(signedLeaves)} of ${counted(leaves, 'leaf', 'leaves')}, by ${origin}${signedAt === null ? '' : ` at ${signedAt}`}`;
  return [`Signed     ${signed}`, ...(fault === null ? [] : [styled('red', `NOT SIGNED ${fault}`)])];
}
