import { describe, expect, it } from 'vitest';
import { soonForgotten } from '../../../src/archive/coverage/soon-forgotten.ts';
import { endSource } from '../../../src/archive/coverage/sources/end-source.ts';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { countRevisions } from '../../../src/archive/figures/count-revisions.ts';
import { problemsOf } from '../../../src/archive/figures/problems-of.ts';
import { readMetrics } from '../../../src/archive/figures/read-metrics.ts';
import { readStatus } from '../../../src/archive/figures/read-status.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun } from '../../../src/archive/record/record-run.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS, HOUR_MS, isoFromMs } from '../../../src/lib/time.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass } from '../archive-with-passes.ts';
import { type Members, page, rawInvocation, SOURCE } from '../raw-invocation.ts';

const WHEN = { nowMs: NOW_MS, settlingMs: 900_000 };
const CONFIGURED = [{ alias: 'default', region: SOURCE.region }];

function problems(db: ArchiveDb): string[] {
  return problemsOf(db.sqlite, {
    ...{ status: readStatus(db.sqlite, NOW_MS), soon: soonForgotten(db.sqlite, WHEN) },
    ...{ ...WHEN, configured: CONFIGURED },
  });
}

/** An archive that has collected everything of its only source, and knows the account of that source. */
function healthy(): ArchiveDb {
  const db = tempArchive();
  noteOwed(db.sqlite, CONFIGURED, { at: daysAgo(1) });
  noteOwed(db.sqlite, [{ alias: 'default', ...SOURCE }], { at: daysAgo(1), hasAnswered: true });
  recordPass(db, { startedMs: NOW_MS - HOUR_MS, covers: [[31, 1 / 96]] });
  return db;
}

const NAMELESS = { accountId: null, outcome: 'failed', error: 'ExpiredToken: Renew the credentials.' } as const;

describe('the status of an archive', () => {
  it('has no problems if everything owed was collected by the last pass', () => {
    expect(problems(healthy())).toEqual([]);
  });

  it('has the outcome of the last pass, even if the source did not say which account it belongs to', () => {
    const db = healthy();
    recordPass(db, { startedMs: NOW_MS, result: NAMELESS });
    expect(readStatus(db.sqlite, NOW_MS).sources).toMatchObject([
      { ...SOURCE, lastOutcome: 'failed', lastError: NAMELESS.error },
    ]);
    expect(problems(db)).toEqual([`${SOURCE.accountId} ${SOURCE.region}: the last pass failed: ${NAMELESS.error}`]);
  });

  it('names a source that the last pass refused as a duplicate of another source', () => {
    const db = healthy();
    recordPass(db, { startedMs: NOW_MS });
    db.sqlite.exec(
      "INSERT INTO run_sources SELECT run_id, 'twice', region, NULL, 'failed', 'The same.', 0, 0, 0, 0, 0, 0, 0, 0, started_at, finished_at FROM run_sources WHERE run_id = 2",
    );
    db.sqlite.exec("UPDATE runs SET outcome = 'failed' WHERE id = 2");
    expect(problems(db)).toEqual([`twice ${SOURCE.region}: the last pass failed: The same.`]);
  });

  it('shows the failed source if a pass had two sources with the same account and region', () => {
    const db = healthy();
    recordPass(db, { startedMs: NOW_MS, result: { alias: 'zz' } });
    db.sqlite.exec(
      "INSERT INTO run_sources SELECT run_id, 'aa', region, account_id, 'failed', 'No.', 0, 0, 0, 0, 0, 0, 0, 0, started_at, finished_at FROM run_sources WHERE alias = 'zz'",
    );
    expect(readStatus(db.sqlite, NOW_MS).sources[0]).toMatchObject({ alias: 'aa', lastOutcome: 'failed' });
  });

  it('names a pass that was interrupted, and one that ended before it reached any source', () => {
    const interrupted = healthy();
    recordPass(interrupted, { startedMs: NOW_MS, result: { outcome: 'interrupted' } });
    expect(problems(interrupted)).toEqual([`${SOURCE.accountId} ${SOURCE.region}: the last pass was interrupted.`]);
    const killed = healthy();
    beginRun(killed.sqlite, { startedAt: isoFromMs(NOW_MS), collector: 'here:1' });
    killed.sqlite.exec("UPDATE runs SET outcome = 'interrupted' WHERE outcome = 'running'");
    expect(problems(killed)).toEqual(['Pass 2 was interrupted.']);
  });

  it('names a source that passes no longer collect, until that source is ended', () => {
    const db = healthy();
    noteOwed(db.sqlite, [{ alias: 'left', accountId: '999999999999', region: 'us-east-1' }], { at: daysAgo(9) });
    db.sqlite.exec(`INSERT INTO coverage VALUES ('999999999999', 'us-east-1', '${daysAgo(39)}', '${daysAgo(2)}')`);
    expect(problems(db)).toEqual([
      expect.stringMatching(/^left 999999999999 us-east-1: owed since .*, but not in today’s configuration/),
      `999999999999 us-east-1: not listed completely since ${daysAgo(2)}.`,
    ]);
    endSource(db.sqlite, { alias: 'left', at: daysAgo(0), by: 'me' });
    expect(problems(db)).toEqual([]);
  });
});

describe('a metric', () => {
  const metric = (db: ArchiveDb, name: string) =>
    readMetrics(db.sqlite, WHEN).find((of) => of.name === `ssm_archive_${name}`)?.samples[0]?.value;
  const record = (db: ArchiveDb, ...members: Members[]) =>
    createSingleReplyRecorder(db.sqlite)(page(members.map((of) => rawInvocation(of))));

  it('counts revisions correctly if ledger entries lie between them, and after pruning', async () => {
    const db = tempArchive();
    const at = { RequestedDateTime: (NOW_MS - 40 * DAY_MS) / 1000 };
    record(db, { InstanceId: 'i-1', ...at }, { InstanceId: 'i-2' });
    recordPass(db, { startedMs: NOW_MS });
    expect([metric(db, 'revisions'), countRevisions(db.sqlite)]).toEqual([2, 2]);
    record(db, { InstanceId: 'i-1', Status: 'Failed', ...at });
    recordPass(db, { startedMs: NOW_MS });
    expect(metric(db, 'revisions')).toBe(3);
    expect(Number(db.sqlite.prepare('SELECT max(seq) FROM revisions').pluck().get())).toBeGreaterThan(3);
    const deps = { sqlite: db.sqlite, now: () => new Date(NOW_MS), renew: () => {} };
    const order = { by: 'me', reason: 'age', kind: 'invocations', selection: { instanceId: 'i-1' } } as const;
    await prune(deps, order);
    expect(metric(db, 'revisions')).toBe(1);
  });

  it('does not call the last pass complete if its process was killed', () => {
    const db = healthy();
    expect(metric(db, 'last_pass_complete')).toBe(1);
    beginRun(db.sqlite, { startedAt: isoFromMs(NOW_MS), collector: 'here:1' });
    // The next collector finds the pass still open.
    beginRun(db.sqlite, { startedAt: isoFromMs(NOW_MS), collector: 'here:2' });
    expect(metric(db, 'last_pass_complete')).toBe(0);
  });
});

describe('the uncollected time that is about to be lost', () => {
  it('is the part of a gap that the service forgets within 72 hours, and not the whole gap', () => {
    const db = healthy();
    db.sqlite.exec(`UPDATE coverage SET from_at = '${daysAgo(5)}'`);
    noteOwed(db.sqlite, [{ alias: 'nowhere' }], { at: daysAgo(1) });
    expect(soonForgotten(db.sqlite, WHEN)).toMatchObject([
      { ...SOURCE, uncollected: [{ from: daysAgo(30), to: daysAgo(27) }] },
      { alias: 'nowhere', accountId: null, uncollected: [{ from: daysAgo(30), to: daysAgo(27) }] },
    ]);
  });
});
