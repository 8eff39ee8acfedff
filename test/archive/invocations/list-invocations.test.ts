import { describe, expect, it } from 'vitest';
import {
  type InvocationPage,
  type ListingQuery,
  listInvocations,
} from '../../../src/archive/invocations/list-invocations.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

const BASE: ListingQuery = { filter: {}, sort: 'requestedAt', isDescending: true, limit: 50, include: 'none' };

function archiveOf(...raws: Members[]) {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  record(page(raws.map((raw, n) => rawInvocation({ InstanceId: `i-${n}`, ...raw }))));
  const list = (query: Partial<ListingQuery> = {}): InvocationPage => listInvocations(db.sqlite, { ...BASE, ...query });
  const ids = (query: Partial<ListingQuery> = {}) => list(query).items.map(({ instanceId }) => instanceId);
  return { db, record, list, ids };
}

describe('listing invocations', () => {
  it('returns the newest first, and invocations without a request time at the end', () => {
    const { ids } = archiveOf(
      { RequestedDateTime: 1772357400 },
      { RequestedDateTime: undefined },
      { RequestedDateTime: 1772357500 },
    );
    expect(ids()).toEqual(['i-2', 'i-0', 'i-1']);
    expect(ids({ isDescending: false })).toEqual(['i-1', 'i-0', 'i-2']);
  });

  it('continues after a row without a request time, in both orders', () => {
    const { list } = archiveOf(
      { RequestedDateTime: undefined },
      { RequestedDateTime: undefined },
      { RequestedDateTime: 1772357500 },
    );
    for (const isDescending of [true, false]) {
      const seen: string[] = [];
      let after: ListingQuery['after'];
      do {
        const { items, next }: InvocationPage = list({ limit: 1, isDescending, after });
        seen.push(...items.map(({ instanceId }) => instanceId));
        after = next;
      } while (after);
      expect(seen).toEqual(isDescending ? ['i-2', 'i-1', 'i-0'] : ['i-0', 'i-1', 'i-2']);
    }
  });

  it('matches a status by Status or StatusDetails, and returns an invocation that matches by both only once', () => {
    const { ids } = archiveOf(
      { Status: 'Failed', StatusDetails: 'Failed' },
      { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' },
      { Status: 'Success', StatusDetails: 'Success' },
    );
    expect(ids({ filter: { status: ['Failed'] } })).toEqual(['i-0']);
    expect(ids({ filter: { status: ['DeliveryTimedOut', 'TimedOut', 'Failed'] } })).toEqual(['i-1', 'i-0']);
    expect(ids({ filter: { status: ['Success', 'TimedOut'] } })).toEqual(['i-2', 'i-1']);
  });

  it('requires one step to match all conditions about steps, so a name and a response code must be of the same step', () => {
    const { ids } = archiveOf({
      CommandPlugins: [rawPlugin({ Name: 'a', ResponseCode: 0 }), rawPlugin({ Name: 'b', ResponseCode: 7 })],
    });
    const above = { operator: '>', code: 0 } as const;
    expect(ids({ filter: { pluginName: 'b', responseCode: above } })).toEqual(['i-0']);
    expect(ids({ filter: { pluginName: 'a', responseCode: above } })).toEqual([]);
  });

  it('matches the beginning of a name by whole characters, and finds nothing for an unknown account', () => {
    const { ids } = archiveOf({ InstanceName: '🎉web-1' }, { InstanceName: 'web-2' });
    expect(ids({ filter: { instanceName: '🎉w' } })).toEqual(['i-0']);
    expect(ids({ filter: { account: '999999999999' } })).toEqual([]);
    expect(ids({ filter: { region: 'eu-west-1', account: '012345678901' } })).toEqual(['i-1', 'i-0']);
  });

  it('shows steps and outputs if they are requested', () => {
    const { list } = archiveOf({ CommandPlugins: [rawPlugin({ Output: '' }), rawPlugin({ Output: undefined })] });
    expect(list().items[0]?.plugins).toBeUndefined();
    expect(list({ include: 'plugins' }).items[0]?.plugins).toMatchObject([
      { position: 0, durationMs: 500, outputSizeBytes: 0, isOutputTruncated: false },
      { position: 1, outputSha256: null, outputSizeBytes: null, isOutputTruncated: null },
    ]);
    expect(list({ include: 'plugins' }).items[0]?.plugins?.[0]).not.toHaveProperty('output');
    expect(list({ include: 'outputs' }).items[0]?.plugins?.map(({ output }) => output)).toEqual(['', null]);
  });

  it('shows each invocation as it was at a past time, and filters by its state and steps at that time', () => {
    const { record, list, ids } = archiveOf({
      Status: 'InProgress',
      StatusDetails: 'InProgress',
      CommandPlugins: [rawPlugin({ Output: 'working' })],
    });
    const later = '2026-03-01T12:00:00.000Z';
    record(page([rawInvocation({ InstanceId: 'i-0' }), rawInvocation({ InstanceId: 'i-9' })], { observedAt: later }));
    const asOf = '2026-03-01T11:00:00.000Z';
    expect(ids({ asOf, filter: { status: ['InProgress'] } })).toEqual(['i-0']);
    expect(ids({ asOf, filter: { status: ['Success'] } })).toEqual([]);
    expect(list({ asOf, include: 'outputs' }).items[0]?.plugins?.map(({ output }) => output)).toEqual(['working']);
    expect(ids({ asOf: later })).toEqual(['i-9', 'i-0']);
    expect(ids({ asOf: '2026-02-01T00:00:00.000Z' })).toEqual([]);
  });

  it('finds the next page among rows of the same time by their ids, without reading all of these rows', () => {
    const { db } = archiveOf({}, {}, {});
    const prepared: string[] = [];
    const sqlite = Object.assign(Object.create(db.sqlite), {
      prepare(sql: string) {
        prepared.push(sql);
        return db.sqlite.prepare(sql);
      },
    });
    for (const sort of ['requestedAt', 'changedAt'] as const) {
      const { next } = listInvocations(db.sqlite, { ...BASE, sort, limit: 1 });
      prepared.length = 0;
      expect(listInvocations(sqlite, { ...BASE, sort, limit: 1, after: next }).items).toMatchObject([
        { instanceId: 'i-1' },
      ]);
      const plan = db.sqlite.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${prepared[0]}`);
      const column = sort === 'requestedAt' ? 'requested_at' : 'changed_at';
      expect(plan.all('', 0, 1).map(({ detail }) => detail)).toEqual([
        `SEARCH i USING INDEX invocations_${column} (${column}=? AND rowid<?)`,
      ]);
    }
  });
});
