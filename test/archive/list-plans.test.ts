import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src/archive/checkpoints/list-checkpoints.ts';
import { findCommands } from '../../src/archive/commands/find-commands.ts';
import { listCommands } from '../../src/archive/commands/list-commands.ts';
import { findInvocations } from '../../src/archive/invocations/find-invocations.ts';
import { listInvocations } from '../../src/archive/invocations/list-invocations.ts';
import { listRevisions } from '../../src/archive/invocations/list-revisions.ts';
import { listDocuments } from '../../src/archive/nodes/list-documents.ts';
import { listRuns, listSweeps } from '../../src/archive/passes/list-runs.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { plansOf } from '../db/plans-of.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { page, rawInvocation, SOURCE } from './raw-invocation.ts';

const AT = '2026-03-01T09:30:00.000Z';
const KEY = { ...SOURCE, commandId: '11111111-2222-4333-8444-555555555555', instanceId: 'i-0123456789abcdef0' };

/**
 * An archive with one invocation, so that an account and region is known. SQLite's statistics are the same in every
 * archive.
 */
function archive(): Database {
  const { sqlite } = tempArchive();
  createSingleReplyRecorder(sqlite)(page([rawInvocation()]));
  return sqlite;
}

/** The conditions of an index search for rows of the same time, of an older time, and without a time. */
const sought = (by: string) => [`${by}=? AND rowid<?`, `${by}<?`, `${by}=?`];
const search = (index: string, by: readonly string[], more = '') =>
  by.map((columns) => `SEARCH i USING INDEX ${index} (${columns})${more}`);

describe('a page that follows another page', () => {
  const listed = (query: Partial<Parameters<typeof listInvocations>[1]>) =>
    plansOf(archive(), (sqlite) => {
      const base = { filter: {}, sort: 'requestedAt', isDescending: true, limit: 50, include: 'none' } as const;
      listInvocations(sqlite, { ...base, after: [AT, 7], ...query });
    });

  it('uses the time index to find invocations, in ascending and in descending order of either time', () => {
    const requested = (...by: string[]) => search('invocations_requested_at', by);
    const changed = (...by: string[]) => search('invocations_changed_at', by);
    const sort = 'changedAt';
    expect(listed({})).toEqual(requested(...sought('requested_at')));
    expect(listed({ after: [null, 7] })).toEqual(requested('requested_at=? AND rowid<?'));
    const ascending = ['requested_at=? AND rowid>?', 'requested_at>?'];
    expect(listed({ isDescending: false })).toEqual(requested(...ascending));
    expect(listed({ isDescending: false, after: [null, 7] })).toEqual(requested(...ascending));
    expect(listed({ sort })).toEqual(changed('changed_at=? AND rowid<?', 'changed_at<?'));
    expect(listed({ sort, isDescending: false })).toEqual(changed('changed_at=? AND rowid>?', 'changed_at>?'));
    expect(listed({ after: undefined })).toEqual(['SCAN i USING INDEX invocations_requested_at']);
    expect(listed({ sort, after: undefined })).toEqual(['SCAN i USING INDEX invocations_changed_at']);
  });

  it.each([
    ['invocations_instance', 'instance_id=?', { instanceId: 'i' }],
    ['invocations_document', 'document_name=?', { documentName: 'd' }],
    ['invocations_account', 'account_id=? AND region=?', { account: SOURCE.accountId, region: SOURCE.region }],
  ])('uses the index %s to find invocations by %s', (index, settled, filter) => {
    expect(listed({ filter })).toEqual(search(index, sought(`${settled} AND requested_at`)));
  });

  it('uses both status indexes to find invocations with a status, and merges their rows', () => {
    expect(listed({ filter: { status: ['Failed'] } })).toEqual(
      ['status', 'status_details'].flatMap((column) =>
        sought(`${column}=? AND requested_at`).map(
          (by) => `SEARCH i USING COVERING INDEX invocations_${column} (${by})`,
        ),
      ),
    );
  });

  it('uses the time index to find invocations as of a past time too, and only sorts rows that have changed since that time', () => {
    const [aheadSame, , aheadNone] = sought('requested_at');
    expect(listed({ asOf: AT })).toEqual([
      ...search('invocations_requested_at', sought('requested_at')),
      ...search(
        'invocations_ahead',
        [aheadSame, 'requested_at>? AND requested_at<?', aheadNone].flatMap((by) => by ?? []),
      ),
      ...['SEARCH i USING INDEX past_invocations_id (id<?)', 'SCAN i + USE TEMP B-TREE FOR ORDER BY'],
      'SCAN i USING INDEX past_invocations_id',
    ]);
  });

  it('sorts for AWS’s order, but only invocations of the same time', () => {
    const found = (query: Partial<Parameters<typeof findInvocations>[1]>) =>
      plansOf(archive(), (sqlite) => {
        const base = { ...SOURCE, statuses: [], withPlugins: false, limit: 50 };
        findInvocations(sqlite, { ...base, after: [AT, 'c', 'i'], ...query });
      });
    const inTies = (settled: string) => [
      `${settled} AND requested_at=?`,
      `${settled} AND requested_at<?`,
      `${settled} AND requested_at=?`,
    ];
    const sorted = ' + USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY';
    const ofPlace = search('invocations_account', inTies('account_id=? AND region=?'), sorted);
    expect(found({})).toEqual(ofPlace);
    expect(found({ after: [null, 'c', 'i'] })).toEqual(ofPlace.slice(0, 1));
    expect(found({ instanceId: 'i' })).toEqual(search('invocations_instance', inTies('instance_id=?'), sorted));
    expect(found({ statuses: [['Failed']] })).toEqual([
      ...search('invocations_status', inTies('status=?'), sorted),
      ...search('invocations_status_details', inTies('status_details=?'), sorted),
    ]);
  });

  it('uses the time index to find commands, in the list’s order and in AWS’s order', () => {
    const listed = (after: Parameters<typeof listCommands>[1]['after']) =>
      plansOf(archive(), (sqlite) => listCommands(sqlite, { limit: 50, after }));
    const others = '(command_id,account_id,region)<(?,?,?)';
    const parts = [`requested_at=? AND ${others}`, 'requested_at<?', 'requested_at=?'];
    const short = 'sqlite_autoindex_short_commands_1 (account_id=? AND region=? AND command_id=?)';
    const missing = `CORRELATED SCALAR SUBQUERY 1 + SEARCH m USING INDEX ${short}`;
    const inOrder = parts.map((by) => `SEARCH c USING INDEX commands_requested_at (${by}) + ${missing}`);
    expect(listed([AT, 'c', '1', 'r'])).toEqual(inOrder);
    expect(listed([null, 'c', '1', 'r'])).toEqual(inOrder.slice(0, 1));
    const found = (after: Parameters<typeof findCommands>[1]['after']) =>
      plansOf(archive(), (sqlite) => findCommands(sqlite, { ...SOURCE, statuses: [], limit: 50, after }));
    const ofPlace = 'SEARCH c USING INDEX commands_account (account_id=? AND region=? AND requested_at';
    expect(found([AT, 'c'])).toEqual([
      `${ofPlace}=? AND command_id>?)`,
      `${ofPlace}<?) + USE TEMP B-TREE FOR LAST TERM OF ORDER BY`,
      `${ofPlace}=?)`,
    ]);
    expect(found([null, 'c'])).toEqual([`${ofPlace}=? AND command_id>?)`]);
  });

  it('uses keys to find passes, their sweeps, checkpoints and the states of an invocation', () => {
    const plans = plansOf(archive(), (sqlite) => {
      listRuns(sqlite, { limit: 50, before: 7 });
      listSweeps(sqlite, { limit: 50, before: 7 });
      listSweeps(sqlite, { limit: 50, before: 7, runId: 1 });
      listCheckpoints(sqlite, { limit: 50, before: 7 });
      listRevisions(sqlite, { key: KEY, limit: 50, after: 1 });
    });
    expect(plans).toEqual([
      'SEARCH runs USING INTEGER PRIMARY KEY (rowid<?)',
      'SEARCH sweeps USING INTEGER PRIMARY KEY (rowid<?)',
      'SEARCH sweeps USING INDEX sweeps_run_id (run_id=? AND rowid<?)',
      'SEARCH ledger_checkpoints USING INTEGER PRIMARY KEY (rowid<?)',
      'SEARCH revisions USING INDEX revisions_invocation_id (invocation_id=? AND rowid>?)',
    ]);
  });

  it('finds documents in the daily counts, and reads no invocation for that', () => {
    const plans = plansOf(archive(), (sqlite) => listDocuments(sqlite, { limit: 50, after: 'A' }));
    expect(plans).toEqual(['SCAN daily_counts + USE TEMP B-TREE FOR DISTINCT']);
  });
});
