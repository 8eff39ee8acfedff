import { describe, expect, it } from 'vitest';
import { markCovered } from '../../../../src/archive/record/mark-covered.ts';
import { beginRun, finishRun } from '../../../../src/archive/record/record-run.ts';
import { DAY_MS, isoFromMs } from '../../../../src/lib/time.ts';
import { NOW_MS } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial } from '../api-trial.ts';

const { app, db, record, makeToken } = apiTrial();
const daysAgo = (days: number) => (NOW_MS - days * DAY_MS) / 1000;

/** Maps each sample's name and labels to its value. Throws for a line that is not in Prometheus's format. */
async function scrape(init?: RequestInit): Promise<Map<string, number>> {
  const reply = await app.request('/metrics', init);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const lines = (await reply.text()).split('\n');
  expect(lines.pop()).toBe('');
  const samples = lines.filter((line) => !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name = '', value = ''] = /^([a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})?) (\S+)$/.exec(line) ?? [];
      expect(line).toBe(`${name} ${value}`);
      return [name, Number(value)];
    }),
  );
}

describe('/metrics', () => {
  it('has only values that are true for an empty archive', async () => {
    const metrics = await scrape();
    expect(metrics.get('ssm_archive_invocations')).toBe(0);
    expect(metrics.has('ssm_archive_last_pass_timestamp_seconds')).toBe(false);
  });

  it('says for each account and region how much uncollected data the service will soon forget', async () => {
    await record([
      { InstanceId: 'i-1', Status: 'InProgress', RequestedDateTime: daysAgo(29) },
      { InstanceId: 'i-2', Status: 'InProgress', RequestedDateTime: daysAgo(2) },
      { InstanceId: 'i-3', RequestedDateTime: daysAgo(29) },
    ]);
    markCovered(db.sqlite, SOURCE, { from: NOW_MS - 29 * DAY_MS, to: NOW_MS - 28 * DAY_MS });
    markCovered(db.sqlite, SOURCE, { from: NOW_MS - 27.5 * DAY_MS, to: NOW_MS - DAY_MS });
    const runId = beginRun(db.sqlite, { startedAt: isoFromMs(NOW_MS), collector: 'here:1' });
    finishRun(db.sqlite, runId, { finishedAt: isoFromMs(NOW_MS), outcome: 'failed' });
    const metrics = await scrape();
    const labels = `{account="${SOURCE.accountId}",region="${SOURCE.region}"}`;
    expect(Object.fromEntries(metrics)).toMatchObject({
      ssm_archive_invocations: 3,
      ssm_archive_last_pass_timestamp_seconds: NOW_MS / 1000,
      ssm_archive_last_pass_complete: 0,
      [`ssm_archive_unfinished_soon_forgotten${labels}`]: 1,
      [`ssm_archive_uncollected_soon_forgotten_seconds${labels}`]: (0.5 * DAY_MS) / 1000,
      [`ssm_archive_covered_until_timestamp_seconds${labels}`]: (NOW_MS - DAY_MS) / 1000,
    });
    expect(metrics.get('ssm_archive_ledger_leaves')).toBeGreaterThan(3);
  });

  it('needs the role reader', async () => {
    const token = makeToken('reader');
    expect((await app.request('/metrics')).status).toBe(401);
    await scrape({ headers: { authorization: `Bearer ${token}` } });
  });
});
