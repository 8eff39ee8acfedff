import { describe, expect, it } from 'vitest';
import { rawPlugin, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
const running = { InstanceId: 'i-1', Status: 'InProgress', StatusDetails: 'InProgress', CommandPlugins: [] };
await api.record([
  { CommandId: 'c', ...running },
  { CommandId: 'long', InstanceId: 'i-1' },
]);
await api.record(
  [
    {
      CommandId: 'c',
      ...running,
      Status: 'Failed',
      StatusDetails: 'Failed',
      CommandPlugins: [rawPlugin({ ResponseCode: 2 })],
    },
  ],
  { observedAt: '2026-03-02T00:00:00.500Z' },
);
await api.record([{ CommandId: 'c', InstanceId: 'i-1', CommandPlugins: [rawPlugin({ Output: 'done at last\n' })] }], {
  observedAt: '2026-03-03T00:00:00.500Z',
});
const AT = `/v1/invocations/${SOURCE.accountId}/${SOURCE.region}/c/i-1`;

describe('GET one invocation', () => {
  it('returns all members, with steps and outputs', async () => {
    expect(await api.json(AT)).toMatchObject({
      ...SOURCE,
      ...{ commandId: 'c', instanceId: 'i-1', status: 'Success', firstSeenAt: '2026-03-01T10:00:00.000Z' },
      changedAt: '2026-03-03T00:00:00.500Z',
      notificationEvents: [],
      isCloudwatchOutputEnabled: false,
      plugins: [
        { position: 0, name: 'runShellScript', output: 'done at last\n', isOutputTruncated: false, durationMs: 500 },
      ],
    });
    expect(api.accessRows()[0]).toMatchObject({ path: AT, rows: 1 });
  });

  it.each([
    ['2026-03-01T10:00:00.000Z', 'InProgress'],
    ['2026-03-02T00:00:00.499Z', 'InProgress'],
    ['2026-03-02T00:00:00.500Z', 'Failed'],
    ['2026-03-03', 'Failed'],
    ['2026-03-03T00:00:00.500Z', 'Success'],
    ['2030-01-01', 'Success'],
  ])('returns the state that the archive knew at %s: %s', async (asOf, status) => {
    expect(await api.json(`${AT}?asOf=${asOf}`)).toMatchObject({ status });
  });

  it('says that the archive does not have the invocation, or did not have it at the requested time', async () => {
    expect((await api.problem(`${AT}2`, 404)).detail).toContain('no invocation of command c on i-12 in 012345678901');
    expect((await api.problem(`${AT}?asOf=2026-03-01T09:59:59.999Z`, 404)).detail).toContain(
      'at 2026-03-01T09:59:59.999Z',
    );
    expect(faultsOf(await api.problem(`${AT}?asOf=then&x=1`, 400))).toMatchObject({
      asOf: expect.stringContaining('must be a date'),
      x: expect.any(String),
    });
  });

  it('accepts any characters in its path, and none of them causes an internal error', async () => {
    const odd = [
      '%00',
      '%F0%9F%98%80',
      '%2F',
      '..%2F..',
      "'%20OR%201=1--",
      '%zz',
      '%ff',
      'é',
      'x'.repeat(2000),
      '%20',
      '*',
    ];
    for (const part of odd) {
      const reply = await api.ask(`/v1/invocations/${SOURCE.accountId}/${SOURCE.region}/${part}/i-1`);
      expect([part, reply.status]).toEqual([part, 404]);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
    }
    expect(faultsOf(await api.problem(`/v1/invocations/1/2/${'x'.repeat(2001)}/4`, 400))).toEqual({
      commandId: 'must have at most 2000 characters',
    });
  });
});

describe('GET the revisions of an invocation', () => {
  it('returns the states in order, with the changes from each to the next', async () => {
    const { items } = await api.list(`${AT}/revisions`);
    expect(items).toMatchObject([
      { observedAt: '2026-03-01T10:00:00.000Z', state: { status: 'InProgress', plugins: [] }, changes: null },
      {
        observedAt: '2026-03-02T00:00:00.500Z',
        state: { status: 'Failed', plugins: [{ responseCode: 2, output: 'done\n' }] },
      },
      { observedAt: '2026-03-03T00:00:00.500Z', state: { status: 'Success', plugins: [{ output: 'done at last\n' }] } },
    ]);
    const changed = (n: number) =>
      Object.fromEntries(changesOf(items[n]).map(({ path, left, right }) => [path, [left, right]]));
    expect(changed(1)).toMatchObject({
      status: ['InProgress', 'Failed'],
      statusDetails: ['InProgress', 'Failed'],
      'plugins[0].responseCode': [null, 2],
      'plugins[0].name': [null, 'runShellScript'],
    });
    expect(changed(2)).toEqual({
      status: ['Failed', 'Success'],
      statusDetails: ['Failed', 'Success'],
      'plugins[0].responseCode': [2, 0],
      'plugins[0].outputSha256': [expect.any(String), expect.any(String)],
      'plugins[0].outputSizeBytes': [5, 13],
    });
    expect(api.accessRows()[0]).toMatchObject({ path: `${AT}/revisions`, rows: 3 });
  });

  it('returns pages; the first state of a page is compared with the last state of the page before', async () => {
    const { items } = await api.list(`${AT}/revisions`);
    expect(await api.walk(`${AT}/revisions?limit=1`)).toEqual(items);
    expect(await api.walk(`${AT}/revisions?limit=2`)).toEqual(items);
    await api.problem(`${AT}2/revisions`, 404);
    const { nextCursor } = await api.list(`${AT}/revisions?limit=1`);
    const other = AT.replace('/c/', '/long/');
    expect(faultsOf(await api.problem(`${other}/revisions?cursor=${nextCursor}`, 400))).toHaveProperty('cursor');
  });

  it('returns CSV and NDJSON, like every list', async () => {
    const { items } = await api.list(`${AT}/revisions`);
    const text = await (await api.ask(`${AT}/revisions?format=ndjson&limit=1`)).text();
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(items);
    const csv = await (await api.ask(`${AT}/revisions`, { headers: { accept: 'text/csv' } })).text();
    expect(csv.split('\r\n')[0]).toBe('seq,leaf,observedAt,changes,state');
    expect(csv.split('\r\n')).toHaveLength(5);
    expect(api.accessRows()[0]).toMatchObject({ path: `${AT}/revisions`, rows: 3 });
  });
});

describe('a client that already has an answer', () => {
  it.each([AT, `${AT}?asOf=2026-03-02`, `${AT}/revisions`])('gets 304 if nothing has changed (%s)', async (path) => {
    const first = await api.ask(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const reply = await api.ask(path, { headers: { 'if-none-match': known } });
      expect([known, reply.status, await reply.text()]).toEqual([known, 304, '']);
      expect(reply.headers.get('etag')).toBe(etag);
    }
    expect((await api.ask(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const modified = first.headers.get('last-modified') ?? '';
    expect((await api.ask(path, { headers: { 'if-modified-since': modified } })).status).toBe(304);
    const before = new Date(Date.parse(modified) - 1000).toUTCString();
    expect((await api.ask(path, { headers: { 'if-modified-since': before } })).status).toBe(200);
    // If the request has an ETag, its date is ignored.
    const both = { 'if-none-match': '"other"', 'if-modified-since': modified };
    expect((await api.ask(path, { headers: both })).status).toBe(200);
    expect((await api.ask(path, { headers: { 'if-modified-since': 'yesterday' } })).status).toBe(200);
  });

  it('gets the new answer after a change', async () => {
    const path = AT.replace('/c/', '/long/');
    const record = (Status: string, observedAt: string) =>
      api.record([{ CommandId: 'long', InstanceId: 'i-1', Status }], { observedAt });
    const seen = await api.ask(path);
    const revisions = await api.ask(`${path}/revisions?limit=1`);
    await record('Failed', '2026-03-09T00:00:00.000Z');
    for (const [url, known] of [
      [path, seen],
      [`${path}/revisions?limit=1`, revisions],
    ] as const) {
      for (const [header, name] of [
        ['if-none-match', 'etag'],
        ['if-modified-since', 'last-modified'],
      ] as const) {
        const reply = await api.ask(url, { headers: { [header]: known.headers.get(name) ?? '' } });
        expect([url, header, reply.status]).toEqual([url, header, 200]);
      }
    }
  });
});

function changesOf(item: Record<string, unknown> | undefined): { path: string; left: unknown; right: unknown }[] {
  if (!Array.isArray(item?.changes)) throw new Error('The revision has no changes.');
  return item.changes;
}
