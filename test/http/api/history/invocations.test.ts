import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf, type Listed } from '../api-trial.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };
const MARCH_1 = 1772357400;
const MARCH_2 = 1772409600;
const api = apiTrial();
const step = (Name: string, ResponseCode: number, Output: string | undefined) =>
  rawPlugin({ Name, ResponseCode, Output });

await api.record([
  { CommandId: 'a', InstanceId: 'i-1', CommandPlugins: [step('shell', 0, 'all well')] },
  {
    ...{ CommandId: 'a', InstanceId: 'i-2', InstanceName: 'web-2', Status: 'Failed', StatusDetails: 'Failed' },
    CommandPlugins: [step('shell', 1, 'no space left on device')],
  },
  {
    ...{ CommandId: 'a', InstanceId: 'i-3', InstanceName: 'db-1', Status: 'InProgress', StatusDetails: 'Delayed' },
    CommandPlugins: [],
  },
  {
    ...{
      CommandId: 'b',
      InstanceId: 'i-1',
      DocumentName: 'Patch',
      RequestedDateTime: MARCH_2,
      Comment: 'monthly 100%',
    },
    CommandPlugins: [step('patch', 0, 'disk ok'), step('report', -3, 'nospc: full')],
  },
  {
    ...{
      CommandId: 'c',
      InstanceId: 'i-4',
      InstanceName: 'Web_9',
      Status: 'TimedOut',
      StatusDetails: 'DeliveryTimedOut',
    },
    ...{ RequestedDateTime: MARCH_2 + 0.001, CommandPlugins: [], Comment: 'Monthly' },
  },
  { CommandId: 'd', InstanceId: 'i-1', RequestedDateTime: undefined, CommandPlugins: [step('shell', 0, '')] },
]);
await api.record([{ CommandId: 'a', InstanceId: 'i-1', InstanceName: undefined, RequestedDateTime: MARCH_1 + 1 }], {
  source: OTHER,
});
await api.record(
  [{ CommandId: 'a', InstanceId: 'i-3', InstanceName: 'db-1', CommandPlugins: [step('shell', 0, 'all well')] }],
  { observedAt: '2026-03-05T00:00:00.000Z' },
);
const ALL = ['c/i-4', 'b/i-1', 'a/i-1 of other', 'a/i-3', 'a/i-2', 'a/i-1', 'd/i-1'];

function names({ items }: Pick<Listed, 'items'>): string[] {
  return items.map(
    (item) => `${item.commandId}/${item.instanceId}${item.accountId === OTHER.accountId ? ' of other' : ''}`,
  );
}

const found = async (query: string) => names(await api.list(`/v1/invocations?${query}`));
const fault = async (query: string) => faultsOf(await api.problem(`/v1/invocations?${query}`, 400));

describe('GET /v1/invocations', () => {
  it('lists invocations by the time of their request, newest first, and invocations without that time last', async () => {
    expect(await found('')).toEqual(ALL);
  });

  it.each([
    ['account=999999999999', ['a/i-1 of other']],
    ['account=999999999990', []],
    ['region=us-east-1', ['a/i-1 of other']],
    ['account=012345678901&region=us-east-1', []],
    ['commandId=b', ['b/i-1']],
    ['instanceId=i-1', ['b/i-1', 'a/i-1 of other', 'a/i-1', 'd/i-1']],
    ['instanceId=i-', []],
    ['instanceName=web-', ['b/i-1', 'a/i-2', 'a/i-1', 'd/i-1']],
    ['instanceName=web_', []],
    ['instanceName=Web%5F', ['c/i-4']],
    ['instanceName=%25', []],
    ['documentName=Patch', ['b/i-1']],
    ['documentName=patch', []],
    ['status=Failed', ['a/i-2']],
    ['status=DeliveryTimedOut', ['c/i-4']],
    ['status=Failed,TimedOut', ['c/i-4', 'a/i-2']],
    ['status=Failed&status=TimedOut', ['c/i-4', 'a/i-2']],
    ['status=Failed,TimedOut&status=DeliveryTimedOut', ['c/i-4', 'a/i-2']],
    ['status=Success,Failed&account=012345678901', ['b/i-1', 'a/i-3', 'a/i-2', 'a/i-1', 'd/i-1']],
    ['status=Delayed', []],
    ['pluginName=report', ['b/i-1']],
    ['responseCode=0&commandId=a&account=012345678901', ['a/i-3', 'a/i-1']],
    ['responseCode=!0', ['b/i-1', 'a/i-2']],
    ['responseCode=%210', ['b/i-1', 'a/i-2']],
    ['responseCode=%3E0', ['a/i-2']],
    ['responseCode=>0', ['a/i-2']],
    ['responseCode=<0', ['b/i-1']],
    ['responseCode=-3', ['b/i-1']],
    ['responseCode=!-3&commandId=b', ['b/i-1']],
    ['pluginName=patch&responseCode=-3', []],
    ['pluginName=report&responseCode=-3&q=full', ['b/i-1']],
    ['comment=onthly', ['c/i-4', 'b/i-1']],
    ['comment=monthly', ['b/i-1']],
    ['comment=%25', ['b/i-1']],
    ['requestedAfter=2026-03-02', ['c/i-4', 'b/i-1']],
    ['requestedAfter=2026-03-02T00:00:00.001Z', ['c/i-4']],
    ['requestedBefore=2026-03-02&requestedAfter=2026-03-01T09:30:01Z', ['a/i-1 of other']],
    ['requestedBefore=2026-03-01T09:30:00Z', []],
    ['requestedAfter=2026-03-02T02:00:00%2B02:00', ['c/i-4', 'b/i-1']],
    ['changedAfter=2026-03-05', ['a/i-3']],
    ['changedAfter=2026-03-05T00:00:00.001Z', []],
    ['q=space', ['a/i-2']],
    ['q="space left"', ['a/i-2']],
    ['q="left space"', []],
    ['q=SPA*', ['a/i-2']],
    ['q=disk OR device', ['b/i-1', 'a/i-2']],
    ['q=space AND full', []],
    ['q=(disk OR space) NOT device', ['b/i-1']],
    ['q=well&status=Success&requestedBefore=2026-03-02&instanceName=db', ['a/i-3']],
    ['q=neverseen', []],
  ])('returns the matching invocations for %s', async (query, expected) => {
    expect(await found(encodeURI(query).replaceAll('%25', '%'))).toEqual(expected);
    expect(api.accessRows()[0]).toMatchObject({ path: '/v1/invocations', status: 200, rows: expected.length });
  });

  it('finds an invocation only if one of its steps matches all filters on steps', async () => {
    expect(await found('q=disk&responseCode=-3')).toEqual([]);
    expect(await found('q=full&responseCode=-3')).toEqual(['b/i-1']);
  });

  it.each(['requestedAt', '-requestedAt', 'changedAt', '-changedAt'])(
    'sorts by %s in the same order whether the list is on many pages or on one',
    async (sort) => {
      const whole = names(await api.list(`/v1/invocations?sort=${sort}`));
      expect([...whole].sort()).toEqual([...ALL].sort());
      expect(names({ items: await api.walk(`/v1/invocations?sort=${sort}&limit=1`) })).toEqual(whole);
      expect(names({ items: await api.walk(`/v1/invocations?sort=${sort}&limit=4`) })).toEqual(whole);
      const other = sort.startsWith('-') ? sort.slice(1) : `-${sort}`;
      expect(names(await api.list(`/v1/invocations?sort=${other}`))).toEqual(whole.reverse());
      if (sort === 'changedAt') expect(whole[0]).toBe('a/i-3');
    },
  );

  it('neither skips nor repeats invocations while new ones arrive', async () => {
    const asked = `/v1/invocations?account=555555555555&limit=2`;
    const source = { accountId: '555555555555', region: 'eu-west-1' };
    const arrive = (ids: number[]) =>
      api.record(
        ids.map((n) => ({ CommandId: `n-${n}`, RequestedDateTime: MARCH_1 + n })),
        { source },
      );
    await arrive([1, 2, 3, 4, 5]);
    const first = await api.list(asked);
    await arrive([0, 6, 2.5]);
    const second = await api.list(`${asked}&cursor=${first.nextCursor}`);
    const third = await api.list(`${asked}&cursor=${second.nextCursor}`);
    const seen = [first, second, third].flatMap(({ items }) => items.map(({ commandId }) => commandId));
    expect(seen).toEqual(['n-5', 'n-4', 'n-3', 'n-2.5', 'n-2', 'n-1']);
  });

  it('adds steps and outputs if they are asked for', async () => {
    const of = async (include: string) => (await api.list(`/v1/invocations?commandId=b${include}`)).items[0]?.plugins;
    expect(await of('')).toBeUndefined();
    expect(await of('&include=plugins')).toEqual([
      expect.objectContaining({ name: 'patch', position: 0, responseCode: 0, durationMs: 500, outputSizeBytes: 7 }),
      expect.not.objectContaining({ output: expect.anything() }),
    ]);
    for (const include of ['outputs', 'plugins,outputs', 'outputs,plugins']) {
      expect(await of(`&include=${include}`)).toMatchObject([{ output: 'disk ok' }, { output: 'nospc: full' }]);
    }
  });

  it('shows the states at a past time, on one page or on many', async () => {
    const then = '/v1/invocations?asOf=2026-03-04T23:59:59.999Z&include=plugins';
    const { items } = await api.list(`${then}&instanceId=i-3`);
    expect(items).toEqual([
      expect.objectContaining({
        status: 'InProgress',
        statusDetails: 'Delayed',
        plugins: [],
        changedAt: '2026-03-01T10:00:00.000Z',
      }),
    ]);
    expect(await found('asOf=2026-03-04&status=Delayed')).toEqual(['a/i-3']);
    expect(await found('asOf=2026-03-05&status=Delayed')).toEqual([]);
    expect(await found('asOf=2026-03-01T09:59:59.999Z')).toEqual([]);
    const walked = await api.walk('/v1/invocations?asOf=2026-03-04&limit=2&account=012345678901');
    expect(names({ items: walked })).toEqual(ALL.filter((name) => !name.endsWith('other')));
  });

  it('accepts limits from 1 to 1000, and no others', async () => {
    expect(await found('limit=1')).toEqual(ALL.slice(0, 1));
    expect((await found('limit=1000')).slice(0, 2)).toEqual(ALL.slice(0, 2));
    for (const limit of ['0', '1001', '-1', '1.5', '1e2', '', 'x', '٣', '99999999999999999999']) {
      expect(await fault(`limit=${encodeURIComponent(limit)}`)).toEqual({
        limit: `must be a whole number from 1 to 1000, not "${limit}"`,
      });
    }
  });

  it('refuses a cursor that is damaged or belongs to another query', async () => {
    const { nextCursor = '' } = await api.list('/v1/invocations?limit=1&status=Success');
    const other = 'belongs to another question; keep all other parameters as they were, or begin without a cursor';
    for (const query of ['status=Failed', 'status=Success&sort=changedAt', 'status=Success&asOf=2026-03-04', '']) {
      expect(await fault(`${query}&cursor=${nextCursor}`)).toEqual({ cursor: other });
    }
    const [digest] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    const positions = [null, 1, [], ['x'], ['2026', 1.5], ['2026', 1e300], [1, 1], ['2026', 1, 2], { 0: '2026', 1: 1 }];
    const forged = positions.map((position) => Buffer.from(JSON.stringify([digest, position])).toString('base64url'));
    const garbage = [
      '',
      'x',
      '%00',
      '{}',
      'bnVsbA',
      nextCursor.slice(1),
      `${nextCursor.slice(0, -6)}AAAAAA`,
      ...forged,
    ];
    for (const cursor of garbage) {
      expect(await fault(`limit=1&status=Success&cursor=${cursor}`)).toHaveProperty('cursor');
    }
    // A client may ask for pages of different sizes: that does not change the query.
    expect(names(await api.list(`/v1/invocations?limit=3&status=Success&cursor=${nextCursor}`))).toHaveLength(3);
  });

  it('names all wrong parameters in one answer, and says what was expected for each', async () => {
    const wrong = [
      ...['limit=0', 'sort=status', 'responseCode=x', 'requestedAfter=yesterday', 'include=all', 'format=xml', 'csv=1'],
      ...['q=(', 'statuss=Failed', 'account=', 'status=,', 'changedAfter=2026-02-30'],
    ];
    expect(await fault(wrong.join('&'))).toEqual({
      limit: 'must be a whole number from 1 to 1000, not "0"',
      sort: 'must be requestedAt, -requestedAt, changedAt or -changedAt, not "status"',
      responseCode: 'must be a code such as 0, or !0, >0 or <0, not "x"',
      requestedAfter: expect.stringContaining('must be a date such as 2026-03-01'),
      include: expect.stringContaining('must be plugins, outputs or both'),
      format: 'must be json, csv or ndjson, not "xml"',
      csv: 'must be safe or raw, not "1"',
      q: 'A word or a phrase is needed at the end. (at character 2)',
      statuss: expect.stringContaining('is not a parameter here'),
      account: 'must not be empty',
      status: 'must not be empty',
      changedAfter: expect.stringContaining('not "2026-02-30"'),
    });
  });

  it('refuses a parameter that is given twice, except status', async () => {
    for (const name of [
      'account',
      'q',
      'limit',
      'cursor',
      'sort',
      'requestedAfter',
      'responseCode',
      'include',
      'asOf',
    ]) {
      const value = name === 'sort' ? 'changedAt' : '1';
      expect(Object.keys(await fault(`${name}=${value}&${name}=${value}`))).toEqual([name]);
    }
  });

  it('refuses any unknown parameter, even one named like a built-in member of JavaScript objects', async () => {
    for (const name of [
      'x',
      'toString',
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'Account',
      'account ',
      'limit[]',
    ]) {
      expect(Object.keys(await fault(`${encodeURIComponent(name)}=1`))).toEqual([name]);
    }
    expect(await fault('nothing')).toHaveProperty('nothing');
  });

  it('gives the position of a mistake in a search', async () => {
    expect(await fault(`q=${encodeURIComponent('disk AND')}`)).toEqual({
      q: 'A word or a phrase is needed at the end. (at character 9)',
    });
    expect(await fault(`q=${encodeURIComponent('a "b')}`)).toEqual({ q: 'The quote is not closed. (at character 3)' });
    expect((await fault(`q=${encodeURIComponent('disk ***')}`)).q).toContain('(at character 6)');
    expect(await fault(`q=${'x'.repeat(2001)}`)).toEqual({ q: 'must have at most 2000 characters' });
  });

  it('answers any search with 200 or 400, whatever somebody types', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'AND',
        'OR',
        'NOT',
        'NEAR',
        '(',
        ')',
        '"',
        '*',
        '^',
        ':',
        '-',
        '+',
        "'",
        '{a b}:',
        'disk',
        ' ',
        '𝔘',
        '̈',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const query = encodeURIComponent(pieces.join('').toWellFormed());
        const reply = await api.ask(`/v1/invocations?limit=1&q=${query}`);
        if (reply.status === 400) expect(await reply.json()).toMatchObject({ errors: [{ field: 'q' }] });
        else expect(reply.status).toBe(200);
      }),
      { numRuns: 300 },
    );
  });

  it('answers searches that are nearly as long as the limit allows', async () => {
    const searches = [
      Array(900).fill('a').join(' '),
      Array(400).fill('a').join(' OR '),
      Array(330).fill('a').join(' NOT '),
      `${'('.repeat(50)}a${')'.repeat(50)}`,
      `${'(a OR b) '.repeat(200)}`,
      '('.repeat(40) + 'a b) '.repeat(40),
      'a.'.repeat(990),
      `"${'a '.repeat(900)}"`,
    ];
    for (const q of searches) {
      const reply = await api.ask(`/v1/invocations?q=${encodeURIComponent(q)}`);
      expect([q.slice(0, 20), reply.status]).toEqual([q.slice(0, 20), 200]);
    }
  });

  it('answers any text in any filter with 200 or 400', async () => {
    const name = fc.constantFrom(
      ...['account', 'region', 'commandId', 'instanceId', 'instanceName', 'documentName', 'status', 'pluginName'],
      ...['responseCode', 'comment', 'requestedAfter', 'requestedBefore', 'changedAfter', 'asOf', 'cursor', 'limit'],
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed())),
      fc.constantFrom(
        '%',
        '%zz',
        '%ff',
        '%00',
        "' OR 1=1 --",
        '"',
        '+275760-09-13T00:00:00Z',
        '-271821-04-20',
        '9999-12-31',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 }), async (pairs) => {
        const reply = await api.ask(`/v1/invocations?${pairs.map((pair) => pair.join('=')).join('&')}`);
        expect([200, 400]).toContain(reply.status);
      }),
      { numRuns: 200 },
    );
  });
});
