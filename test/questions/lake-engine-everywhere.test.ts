import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import { runCli } from '../cli/run-cli.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { sealOneDay } from '../lake/seal-one-day.ts';

const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const lake = mkdtempSync(join(tmpdir(), 'ssm-archive-lake-'));
afterAll(() => rmSync(lake, { recursive: true }));
const api = apiTrial({ lake });
const SQL = 'SELECT instance_id FROM invocations ORDER BY requested_at';
const FACTS = { engine: 'lake', from: '2026-03-01', to: '2026-03-05' };
const post = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

beforeAll(async () => {
  api.record([
    { InstanceId: 'i-1', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
    { CommandId: 'c-2', InstanceId: 'i-2', RequestedDateTime: secondsOf('2026-03-05T09:00:00Z') },
  ]);
  bringIntoLedger(api.db.sqlite);
  await sealOneDay(api.db.sqlite.name, lake, '2026-03-01');
});

describe('an answer of SQL', () => {
  it('says that the lake gave it, from when to when, and as of when, by POST, by GET and in downloads', async () => {
    const asOf = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    const answer = await api.json('/v1/sql', post({ sql: SQL, engine: 'lake' }));
    expect(answer).toMatchObject({ ...FACTS, asOf, rows: [['i-1'], ['i-2']] });
    expect(answer).not.toHaveProperty('wholeFrom');
    const link = `/v1/sql?engine=lake&sql=${encodeURIComponent(SQL)}`;
    expect(await api.json(link)).toMatchObject(FACTS);
    const { headers } = await api.ask(`${link}&format=csv`);
    expect(['engine', 'from', 'to', 'as-of', 'whole-from'].map((name) => headers.get(`x-ssm-archive-${name}`))).toEqual(
      [...['lake', '2026-03-01', '2026-03-05', asOf, null]],
    );
  });

  it('says that the archive gave it, and from which day it is whole', async () => {
    const answer = await api.json('/v1/sql', post({ sql: SQL }));
    expect(answer).toMatchObject({ engine: 'archive', wholeFrom: '2026-03-02', rows: [['i-2']] });
    const { headers } = await api.ask(`/v1/sql?format=csv&sql=${encodeURIComponent(SQL)}`);
    expect(headers.get('x-ssm-archive-engine')).toBe('archive');
  });

  it('comes from no engine that there is not, and the lake is no way to a file', async () => {
    expect((await api.ask('/v1/sql?engine=duckdb&sql=SELECT+1')).status).toBe(400);
    const wrong = await api.ask('/v1/sql', post({ sql: "SELECT * FROM read_text('/etc/passwd')", engine: 'lake' }));
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'sql' })] }),
    ]);
  });

  it.each(['table', 'json', 'csv', 'ndjson', 'markdown'])(
    'the command sql --lake says it on standard error, with the format %s',
    async (format) => {
      const env = { SSM_ARCHIVE_DB: api.db.sqlite.name, SSM_ARCHIVE_LAKE: lake };
      const { stdout, stderr, exitCode } = await runCli(tmpdir(), ['sql', '--lake', '--format', format, SQL], env);
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining('of the lake, with the days from 2026-03-01 to 2026-03-05 (UTC)'),
      ]);
      expect(stdout).toContain('i-1');
    },
  );
});

const other = apiTrial();

describe('where no lake is configured', () => {
  it('SQL over the lake is refused in words that say what to set, by the API and by the command', async () => {
    const reply = await other.ask('/v1/sql', post({ sql: SQL, engine: 'lake' }));
    expect([reply.status, await reply.json()]).toEqual([
      400,
      expect.objectContaining({
        errors: [{ field: 'engine', message: expect.stringContaining('set SSM_ARCHIVE_LAKE') }],
      }),
    ]);
    const env = { SSM_ARCHIVE_DB: other.db.sqlite.name };
    const { stderr, exitCode } = await runCli(tmpdir(), ['sql', '--lake', SQL], env);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no lake is configured')]);
  });
});
