import { describe, expect, it } from 'vitest';
import { daysAgo, NOW_MS, recordPass, target } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
const first = recordPass(api.db, { startedMs: NOW_MS - 7_200_000, covers: [[20, 10]] });
const second = recordPass(api.db, {
  startedMs: NOW_MS - 3_600_000,
  covers: [[5, 0.02]],
  failures: [{ target: target(10, 5), error: 'Throttled for good.' }],
  result: { outcome: 'failed', error: 'Throttled for good.' },
});
await api.record([{ InstanceId: 'i-1', Status: 'InProgress' }]);
const complete = async (query: string) => (await api.json(`/v1/coverage?${query}`)).complete;

describe('GET /v1/coverage', () => {
  it('returns spans, gaps and the causes of gaps', async () => {
    expect(await api.json('/v1/coverage')).toMatchObject({
      complete: false,
      items: [
        {
          ...{ ...SOURCE, isComplete: false },
          covered: [
            { from: daysAgo(18), to: daysAgo(10) },
            { from: daysAgo(3), to: daysAgo(0.02) },
          ],
          edges: [
            { from: daysAgo(20), to: daysAgo(18), cause: expect.stringContaining(`sent before ${daysAgo(20)}`) },
            { from: daysAgo(5), to: daysAgo(3), cause: expect.stringContaining('more than 48 hours') },
          ],
          span: { from: daysAgo(18), to: daysAgo(0.02) },
          spreadMs: 172_800_000,
          gaps: [
            {
              from: daysAgo(10),
              to: daysAgo(5),
              isForgotten: false,
              cause: expect.stringContaining('Throttled for good.'),
            },
          ],
        },
      ],
    });
  });

  it.each([
    [20, 10, false],
    [18, 10, true],
    [18.1, 10, false],
    [18, 9.9, false],
    [20.1, 10, false],
    [12, 11, true],
    [5, 1, false],
    [3, 1, true],
    [40, 35, false],
    [-1, -2, false],
  ])('says whether the days from %d to %d before now are complete: %s', async (from, to, expected) => {
    expect(await complete(`from=${daysAgo(from)}&to=${daysAgo(to)}`)).toBe(expected);
  });

  it('calls nothing complete that was not collected: the future, the time before the first listed day, an unknown account or region', async () => {
    expect(await complete(`from=${daysAgo(-10)}`)).toBe(false);
    expect(await complete(`to=${daysAgo(30)}`)).toBe(false);
    expect(await complete(`from=${daysAgo(3)}&account=000000000000`)).toBe(false);
    expect(await complete(`from=${daysAgo(3)}&region=${SOURCE.region}`)).toBe(true);
  });

  it('refuses a span that ends before it begins', async () => {
    expect(faultsOf(await api.problem('/v1/coverage?from=2026-03-02&to=2026-03-02', 400))).toEqual({
      to: expect.stringMatching(/^must be later than from: from is \S+Z, and to is \S+Z$/),
    });
  });
});

describe('the work of the collector', () => {
  it('is listed pass by pass, newest first', async () => {
    const { items } = await api.list('/v1/runs');
    expect(items.map(({ id }) => id)).toEqual([second, first]);
    expect(items[0]).toMatchObject({
      outcome: 'failed',
      sources: [{ alias: 'default', error: 'Throttled for good.' }],
    });
    expect(await api.walk('/v1/runs?limit=1')).toEqual(items);
    expect((await api.list('/v1/runs?outcome=complete')).items).toEqual([items[1]]);
    expect(faultsOf(await api.problem('/v1/runs?outcome=fail', 400))).toHaveProperty('outcome');
  });

  it('is listed sweep by sweep', async () => {
    const { items } = await api.list('/v1/sweeps');
    expect(items).toMatchObject([{ runId: second, outcome: 'failed', fromAt: daysAgo(10), toAt: daysAgo(5) }]);
    expect((await api.list(`/v1/sweeps?runId=${first}`)).items).toEqual([]);
    expect((await api.list(`/v1/sweeps?runId=${second}&outcome=failed&region=${SOURCE.region}`)).items).toEqual(items);
    expect(faultsOf(await api.problem('/v1/sweeps?runId=0', 400))).toHaveProperty('runId');
  });

  it('is listed source by source, with the number of invocations that are not final', async () => {
    expect((await api.list('/v1/sources')).items).toMatchObject([
      { ...SOURCE, alias: 'default', lastOutcome: 'failed', invocations: 1, unfinished: 1 },
    ]);
  });
});
