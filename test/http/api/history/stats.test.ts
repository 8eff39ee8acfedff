import { describe, expect, it } from 'vitest';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf, type Listed } from '../api-trial.ts';

const api = apiTrial();
const STATUSES = ['Success', 'Failed', 'TimedOut'];
const step = (Name: string, seconds: number) =>
  rawPlugin({
    Name,
    ResponseCode: seconds % 2,
    ResponseStartDateTime: 1772357400,
    ResponseFinishDateTime: 1772357400 + seconds,
  });
for (const [n, source] of [
  { accountId: '111111111111', region: 'eu-west-1' },
  { accountId: '222222222222', region: 'us-east-1' },
].entries()) {
  await api.record(
    Array.from({ length: 40 }, (_, i) => ({
      ...{
        CommandId: `c-${i}`,
        InstanceId: `i-${i % 5}`,
        Status: STATUSES[i % 3],
        StatusDetails: `${STATUSES[i % 3]} ${i % 2}`,
      },
      ...{
        DocumentName: i % 7 === 0 ? undefined : `doc-${i % 4}`,
        RequestedDateTime: i % 11 === 10 ? undefined : 1772150000 + i * 29_000,
      },
      CommandPlugins: i % 9 === 0 ? [] : [step('a', i + n), ...(i % 2 === 0 ? [step('b', i * 2)] : [])],
    })),
    { source },
  );
}
const { items } = await api.list('/v1/invocations?limit=1000&include=plugins');

/** For each group, a function that reads its value from a listed invocation. */
const VALUE: Record<string, (item: Record<string, unknown>) => unknown> = {
  day: ({ requestedAt }) => (typeof requestedAt === 'string' ? requestedAt.slice(0, 10) : null),
  hour: ({ requestedAt }) => (typeof requestedAt === 'string' ? requestedAt.slice(0, 13) : null),
  week: ({ requestedAt }) => (typeof requestedAt === 'string' ? isoWeek(requestedAt) : null),
  month: ({ requestedAt }) => (typeof requestedAt === 'string' ? requestedAt.slice(0, 7) : null),
  account: ({ accountId }) => accountId,
  region: ({ region }) => region,
  document: ({ documentName }) => documentName,
  instance: ({ instanceId }) => instanceId,
  status: ({ status }) => status,
  statusDetails: ({ statusDetails }) => statusDetails,
  plugin: ({ name }) => name,
};
const GROUPS = Object.keys(VALUE);
const PAIRS = GROUPS.flatMap((a, n) => GROUPS.slice(n + 1).map((b) => (n % 2 === 0 ? [a, b] : [b, a])));

function isoWeek(time: string): string {
  const day = new Date(`${time.slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(day.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((day.getTime() - first) / 86_400_000 + 1) / 7);
  return `${day.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

function stepsOf(item: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(item.plugins)
    ? item.plugins.map((plugin) => ({ ...item, ...plugin, status: item.status, statusDetails: item.statusDetails }))
    : [];
}

/** Counts invocations one by one, or steps if one of the groups is the plugin. */
function naive(groups: string[], of: Listed['items']): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of groups.includes('plugin') ? of.flatMap(stepsOf) : of) {
    const key = JSON.stringify(groups.map((name) => VALUE[name]?.(row) ?? null));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function asked(groups: string[], filter = ''): Promise<Map<string, unknown>> {
  const found = await api.list(`/v1/stats?groupBy=${groups.join(',')}${filter}`);
  expect(api.accessRows()[0]).toMatchObject({ path: '/v1/stats', rows: found.items.length });
  return new Map(found.items.map((row) => [JSON.stringify(groups.map((name) => row[name])), row.count]));
}

describe('GET /v1/stats', () => {
  it.each([...GROUPS.map((name) => [name]), ...PAIRS])(
    'returns the same counts, grouped by %s %s, as counting the listed invocations one by one',
    async (...groups) => {
      const names = groups.filter((name) => name !== undefined);
      const sorted = (counts: Map<string, unknown>) => [...counts].sort();
      expect(sorted(await asked(names))).toEqual(sorted(naive(names, items)));
      const failed = items.filter(
        ({ status, requestedAt }) =>
          status === 'Failed' && String(requestedAt) >= '2026-02-28T12' && requestedAt !== null,
      );
      expect(sorted(await asked(names, '&status=Failed&requestedAfter=2026-02-28T12:00:00Z'))).toEqual(
        sorted(naive(names, failed)),
      );
      const old = items.filter(
        ({ accountId, requestedAt }) =>
          accountId === '111111111111' && requestedAt !== null && String(requestedAt) < '2026-03-04',
      );
      expect(sorted(await asked(names, '&account=111111111111&requestedBefore=2026-03-04'))).toEqual(
        sorted(naive(names, old)),
      );
    },
  );

  it('sorts its rows by their groups', async () => {
    const { items: rows } = await api.list('/v1/stats?groupBy=day,status&requestedAfter=2026-01-01');
    const keys = rows.map(({ day, status }) => `${day} ${status}`);
    expect(keys).toEqual([...keys].sort());
    expect(Object.keys(rows[0] ?? {})).toEqual(['day', 'status', 'count']);
  });

  it('returns the p50, the p95 and the maximum of the steps’ durations if they are asked for', async () => {
    const { items: rows } = await api.list('/v1/stats?groupBy=plugin&durations=true');
    for (const { plugin, p50Ms, p95Ms, maxMs } of rows) {
      const all = items.flatMap(stepsOf).filter(({ name }) => name === plugin);
      const durations = all.map(({ durationMs }) => Number(durationMs)).sort((a, b) => a - b);
      const at = (share: number) => {
        const place = share * (durations.length - 1);
        const [low = 0, high = low] = durations.slice(Math.floor(place), Math.floor(place) + 2);
        return Math.round(low + (high - low) * (place - Math.floor(place)));
      };
      expect([plugin, p50Ms, p95Ms, maxMs]).toEqual([plugin, at(0.5), at(0.95), durations.at(-1)]);
    }
    expect(rows).toHaveLength(2);
    expect(await asked(['status'], '&durations=true')).toEqual(await asked(['status']));
  });

  it('counts only invocations with a step that matches the filters, as the list does', async () => {
    const filter = '&responseCode=!0&pluginName=a';
    const { items: found } = await api.list(`/v1/invocations?limit=1000${filter}`);
    expect([...(await asked(['status'], filter))].sort()).toEqual([...naive(['status'], found)].sort());
  });

  it('returns CSV with a column for each group and figure', async () => {
    const text = await (await api.ask('/v1/stats?groupBy=document,month&durations=true&format=csv')).text();
    expect(text.split('\r\n')[0]).toBe('document,month,count,p50Ms,p95Ms,maxMs');
  });

  it.each([
    '',
    'groupBy=',
    'groupBy=day,day',
    'groupBy=day,status,region',
    'groupBy=Day',
    'groupBy=day&groupBy=status',
    'groupBy=day,',
  ])('refuses groups by which it cannot count (%s)', async (query) => {
    expect(faultsOf(await api.problem(`/v1/stats?${query}`, 400))).toEqual({
      groupBy: expect.stringMatching(/one or two/),
    });
  });

  it('refuses a wrong filter, and names all other wrong parameters', async () => {
    const faults = faultsOf(await api.problem('/v1/stats?groupBy=x&q=(&durations=yes&sort=requestedAt', 400));
    expect(Object.keys(faults).sort()).toEqual(['durations', 'groupBy', 'q', 'sort']);
  });
});
