import { describe, expect, it } from 'vitest';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };
const api = apiTrial();
await api.record([
  { CommandId: 'a', InstanceId: 'i-1', InstanceName: 'old' },
  {
    CommandId: 'b',
    InstanceId: 'i-1',
    InstanceName: 'new',
    RequestedDateTime: 1772409600,
    Status: 'Failed',
    DocumentName: 'Patch',
  },
  { CommandId: 'a', InstanceId: 'i-2', RequestedDateTime: undefined, Status: undefined },
]);
await api.record([{ CommandId: 'c', InstanceId: 'i-1', InstanceName: 'twin' }], { source: OTHER });

describe('GET /v1/instances', () => {
  it('lists each node with its counts by status and the time when it was last seen', async () => {
    const { items } = await api.list('/v1/instances');
    expect(items).toEqual([
      {
        ...{ ...SOURCE, instanceId: 'i-1', instanceName: 'new', invocations: 2, byStatus: { Success: 1, Failed: 1 } },
        ...{ firstRequestedAt: '2026-03-01T09:30:00.000Z', lastRequestedAt: '2026-03-02T00:00:00.000Z' },
        lastRequestedOn: '2026-03-02',
      },
      expect.objectContaining({ ...OTHER, instanceId: 'i-1', instanceName: 'twin', byStatus: { Success: 1 } }),
      expect.objectContaining({ instanceId: 'i-2', lastRequestedOn: null, lastRequestedAt: null, byStatus: { '': 1 } }),
    ]);
    expect(await api.walk('/v1/instances?limit=1')).toEqual(items);
    expect((await api.list('/v1/instances?region=us-east-1')).items).toEqual([items[1]]);
    expect((await api.list(`/v1/instances?account=${SOURCE.accountId}&limit=2`)).items).toEqual([items[0], items[2]]);
  });

  it('returns one node’s history: its names, what ran on it, and its invocations in pages', async () => {
    const path = `/v1/instances/${SOURCE.accountId}/${SOURCE.region}/i-1`;
    expect(await api.json(path)).toMatchObject({
      names: ['new', 'old'],
      documents: [
        { documentName: 'AWS-RunShellScript', invocations: 1, lastRequestedAt: '2026-03-01T09:30:00.000Z' },
        { documentName: 'Patch', invocations: 1, lastRequestedAt: '2026-03-02T00:00:00.000Z' },
      ],
      items: [{ commandId: 'b' }, { commandId: 'a' }],
    });
    expect(api.accessRows()[0]).toMatchObject({ path, rows: 2 });
    expect((await api.walk(`${path}?limit=1`)).map(({ commandId }) => commandId)).toEqual(['b', 'a']);
    expect((await api.problem(`${path}0`, 404)).detail).toContain('no node i-10');
    expect(faultsOf(await api.problem(`${path}?status=Failed`, 400))).toHaveProperty('status');
  });
});

describe('GET /v1/documents', () => {
  it('lists each document with its counts by status and the time when it was last seen', async () => {
    const { items } = await api.list('/v1/documents');
    expect(items).toEqual([
      {
        ...{
          documentName: 'AWS-RunShellScript',
          firstRequestedOn: '2026-03-01',
          lastRequestedOn: '2026-03-01',
          invocations: 3,
        },
        ...{ lastRequestedAt: '2026-03-01T09:30:00.000Z', byStatus: { '': 1, Success: 2 } },
      },
      expect.objectContaining({ documentName: 'Patch', byStatus: { Failed: 1 } }),
    ]);
    expect(await api.walk('/v1/documents?limit=1')).toEqual(items);
    expect((await api.list(`/v1/documents?account=${OTHER.accountId}`)).items).toMatchObject([{ invocations: 1 }]);
  });
});
