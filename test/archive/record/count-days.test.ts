import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, SOURCE } from '../raw-invocation.ts';

const COLUMNS = 'account_id, region, document_name, status, status_details';

/** The stored counts, and the counts from the rows. */
function bothCounts({ sqlite }: ArchiveDb): [kept: unknown[], counted: unknown[]] {
  const all = (sql: string) => sqlite.prepare(sql).raw().all();
  return [
    all(`SELECT day, ${COLUMNS}, invocations FROM daily_counts WHERE invocations > 0 ORDER BY 1, 2, 3, 4, 5, 6`),
    all(
      `SELECT substr(requested_at, 1, 10), ${COLUMNS}, count(*) FROM invocations GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
    ),
  ];
}

describe('the counts by day', () => {
  it('equal the counts of the rows, even if rows are added, changed or repeated, or have no day', () => {
    const raw = fc.record({
      CommandId: fc.constantFrom('c-1', 'c-2'),
      InstanceId: fc.constantFrom('i-1', 'i-2', 'i-3'),
      DocumentName: fc.constantFrom('AWS-RunShellScript', '', undefined),
      RequestedDateTime: fc.constantFrom(1772357400, 1772443800.5, undefined),
      Status: fc.constantFrom('InProgress', 'Success', 'Failed', undefined),
    });
    fc.assert(
      fc.property(fc.array(fc.array(raw, { maxLength: 6 }), { maxLength: 8 }), (pages) => {
        const db = tempArchive();
        const record = createSingleReplyRecorder(db.sqlite);
        for (const raws of pages) record(page(raws.map((members) => rawInvocation(members))));
        const [kept, counted] = bothCounts(db);
        expect(kept).toEqual(counted);
      }),
      { numRuns: 40 },
    );
  });

  it('do not change if a reply is rolled back', () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    const inTransaction = () => {
      throw new Error('the lease is lost');
    };
    expect(() => record(page([rawInvocation()], { inTransaction }))).toThrow('the lease is lost');
    record(page([rawInvocation({ InstanceId: 'i-2' })]));
    expect(rowsOf(db, 'daily_counts')).toMatchObject([{ day: '2026-03-01', invocations: 1 }]);
  });
});

describe('the recorded commands', () => {
  it('are stored once for all their nodes, with the earliest request time', () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    record(
      page([rawInvocation({ Comment: 'first' }), rawInvocation({ InstanceId: 'i-2', RequestedDateTime: 1772357300 })]),
    );
    record(page([rawInvocation({ InstanceId: 'i-3', RequestedDateTime: 1772357200, Comment: 'third' })]));
    record(page([rawInvocation({ InstanceId: 'i-4', RequestedDateTime: undefined })]));
    expect(rowsOf(db, 'commands')).toMatchObject([
      {
        account_id: SOURCE.accountId,
        region: SOURCE.region,
        command_id: '11111111-2222-4333-8444-555555555555',
        document_name: 'AWS-RunShellScript',
        document_version: '$DEFAULT',
        comment: '',
        requested_at: '2026-03-01T09:26:40.000Z',
        first_seen_at: '2026-03-01T10:00:00.000Z',
        status: null,
        changed_at: null,
      },
    ]);
  });
});
