import { describe, expect, it } from 'vitest';
import { rawPlugin } from '../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
const requested = (iso: string) => ({ RequestedDateTime: Date.parse(iso) / 1000 });
await api.record([
  { CommandId: 'winter', ...requested('2026-01-14T07:30:00Z') },
  {
    CommandId: 'summer',
    ...requested('2026-07-15T04:30:00Z'),
    CommandPlugins: [rawPlugin({ Output: 'a\u0000b\nan Error\n' })],
  },
  {
    ...{ CommandId: 'windows', ...requested('2026-07-15T10:30:00Z') },
    CommandPlugins: [rawPlugin({ Output: Buffer.from('An error\r\n', 'utf16le').toString() })],
  },
]);
const post = (sql: string, params: object = {}) => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify({ sql, params }),
});
const rowsOf = async (sql: string, params: object = {}) => (await api.json('/v1/sql', post(sql, params))).rows;

describe('local_time', () => {
  it('converts a time to the local time of a named zone, in SQL and in reports', async () => {
    const sql = 'SELECT command_id, local_time(requested_at, :zone) FROM invocations ORDER BY requested_at';
    expect(await rowsOf(sql, { zone: 'Europe/Berlin' })).toEqual([
      ['winter', '2026-01-14 08:30:00'],
      ['summer', '2026-07-15 06:30:00'],
      ['windows', '2026-07-15 12:30:00'],
    ]);
    const fault = await api.problem('/v1/sql', 400, post(sql, { zone: '+02:00' }));
    expect(JSON.stringify(fault)).toContain('no such time zone: +02:00; local_time takes a name such as Europe/Berlin');
    const report = '/v1/reports/out-of-hours-runs?from=2026-01-01&to=2027-01-01';
    const told = await api.json(`${report}&time_zone=Europe/Berlin`);
    expect(JSON.stringify(told.rows)).toMatch(/summer/);
    expect(JSON.stringify(told.rows)).not.toMatch(/winter/);
    const old = faultsOf(await api.problem(`${report}&utc_offset_minutes=60`, 400));
    expect(old.utc_offset_minutes).toMatch(/^was replaced by time_zone: give the name of a time zone/);
  });
});

describe('contains and contains_text', () => {
  it('find texts that LIKE does not find: after a NUL, and in UTF-16', async () => {
    const found = async (condition: string) =>
      String(await rowsOf(`SELECT command_id FROM plugin_runs WHERE ${condition} ORDER BY 1`, { part: 'error' }));
    expect(await found("output LIKE '%' || :part || '%'")).toBe('');
    expect(await found('contains(lower(output), :part)')).toBe('summer');
    expect(await found('contains_text(output, :part)')).toBe('summer,windows');
  });

  it('do not let a query exceed its limits', async () => {
    const long = "SELECT contains_text(replace(hex(zeroblob(600000)), '0', 'x'), 'y')";
    expect(JSON.stringify(await api.problem('/v1/sql', 400, post(long)))).toContain('at most 1048576 characters');
    const endless = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
      SELECT count(*) FROM c WHERE contains_text(n, 'x')`;
    const ended = await api.ask('/v1/sql', {
      ...post(endless),
      body: JSON.stringify({ sql: endless, timeoutMs: 300 }),
    });
    expect(ended.status).toBe(504);
  });
});
