import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readStatus } from '../../../src/archive/figures/read-status.ts';
import { readSummary } from '../../../src/archive/figures/read-summary.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { listCommandsToFollow, noteListed } from '../../../src/archive/record/unfinished-commands.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass } from '../archive-with-passes.ts';
import { type Members, page, rawInvocation, rawPlugin, SOURCE } from '../raw-invocation.ts';

function record(db: ArchiveDb, ...raws: Members[]): void {
  createSingleReplyRecorder(db.sqlite)(page(raws.map((members) => rawInvocation(members))));
}

function requested(days: number): Members {
  return { InstanceId: `i-${days}`, CommandId: `c-${days}`, RequestedDateTime: (NOW_MS - days * DAY_MS) / 1000 };
}

describe('the status of an archive', () => {
  it('has no pass, no rows and no sources if the archive is empty', () => {
    expect(readStatus(tempArchive().sqlite, NOW_MS)).toMatchObject({
      lastRun: null,
      invocations: 0,
      plugins: 0,
      outputs: 0,
      revisions: 0,
      sources: [],
      namelessSources: [],
    });
  });

  it('counts rows, and the bytes of the file', () => {
    const db = tempArchive();
    record(db, { InstanceId: 'i-1', CommandPlugins: [rawPlugin(), rawPlugin()] }, { InstanceId: 'i-2' });
    record(db, { InstanceId: 'i-2', Status: 'Failed' });
    const status = readStatus(db.sqlite, NOW_MS);
    expect(status).toMatchObject({ invocations: 2, plugins: 3, outputs: 1, revisions: 3 });
    db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    expect(status.fileSizeBytes).toBe(statSync(db.sqlite.name).size);
  });

  it('shows for each source the outcome of its own last pass, even if a later pass left the source out', () => {
    const db = tempArchive();
    record(db, requested(3), requested(1));
    recordPass(db, { startedMs: NOW_MS - 3 * HOUR_MS, result: { outcome: 'failed', error: 'At first.' } });
    recordPass(db, { startedMs: NOW_MS - 2 * HOUR_MS, result: { alias: 'renamed' } });
    const other = recordPass(db, { startedMs: NOW_MS, result: { accountId: '999999999999', region: 'us-east-1' } });
    const status = readStatus(db.sqlite, NOW_MS);
    expect(status.lastRun).toMatchObject({ id: other, outcome: 'complete' });
    expect(status.sources).toMatchObject([
      {
        ...SOURCE,
        alias: 'renamed',
        lastOutcome: 'complete',
        lastError: null,
        invocations: 2,
        newestRequestedAt: daysAgo(1),
      },
      { accountId: '999999999999', region: 'us-east-1', invocations: 0, newestRequestedAt: null, unfinished: 0 },
    ]);
  });

  it('counts unfinished invocations, and how many of them the service is about to forget or has forgotten', () => {
    const db = tempArchive();
    const open = { Status: 'InProgress' };
    record(
      db,
      { ...requested(2), ...open },
      { ...requested(28), ...open },
      { ...requested(31), ...open },
      requested(29),
    );
    for (const command of listCommandsToFollow(db.sqlite, SOURCE)) {
      if (command.commandId === 'c-31') noteListed(db.sqlite, SOURCE, command, { at: daysAgo(0), isForgotten: true });
    }
    expect(readStatus(db.sqlite, NOW_MS).sources).toMatchObject([
      { invocations: 4, unfinished: 3, unfinishedSoonForgotten: 1, unfinishedForgotten: 1 },
    ]);
  });

  it('names the sources of the newest pass whose account is unknown, but no sources of earlier passes', () => {
    const db = tempArchive();
    const nameless = { accountId: null, outcome: 'failed' as const, error: 'No credentials.' };
    recordPass(db, { startedMs: NOW_MS - HOUR_MS, result: { ...nameless, alias: 'mended since' } });
    recordPass(db, { startedMs: NOW_MS, result: { ...nameless, alias: 'broken' } });
    const { namelessSources, sources } = readStatus(db.sqlite, NOW_MS);
    expect(namelessSources).toEqual([{ alias: 'broken', region: SOURCE.region, error: 'No credentials.' }]);
    expect(sources).toEqual([]);
  });
});

describe('a summary', () => {
  it('counts by account and region, by status in detail, and by document, the largest group first', () => {
    const db = tempArchive();
    record(
      db,
      { InstanceId: 'i-1', StatusDetails: 'Undeliverable' },
      { InstanceId: 'i-2', StatusDetails: '', Status: 'Failed' },
      { InstanceId: 'i-3', StatusDetails: undefined, Status: 'Failed', DocumentName: undefined },
    );
    expect(readSummary(db.sqlite, 'place')).toEqual([{ names: [SOURCE.accountId, SOURCE.region], invocations: 3 }]);
    expect(readSummary(db.sqlite, 'status')).toEqual([
      { names: ['Failed'], invocations: 2 },
      { names: ['Undeliverable'], invocations: 1 },
    ]);
    expect(readSummary(db.sqlite, 'document')).toEqual([
      { names: ['AWS-RunShellScript'], invocations: 2 },
      { names: [''], invocations: 1 },
    ]);
  });
});
