import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { type Server, startServer } from '../browser/consoles/start-server.ts';
import { ACCOUNT, REGION, start } from '../end-to-end/run-cli.ts';
import { expectHoldsService } from '../ingest/expect-equal.ts';

/**
 * The time at which collecting continues: a day and a half after the last pass on Node 20. The fleet is that of
 * node20/make.sh.
 */
const NOW = new Date('2026-03-19T15:00:00Z');
const FLEET = { seed: 'node20-53', invocations: 400 };

type Row = Record<string, unknown>;
type Rows = Record<'invocations' | 'steps' | 'revisions', Row[]>;

const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-node20-'));
const archive = join(folder, 'archive.db');
const checkpoints = { SSM_ARCHIVE_CHECKPOINT_DIRECTORY: join(folder, 'checkpoints') };
let simulator: Simulator;
let server: Server | undefined;
let old: Rows;
beforeAll(async () => {
  execFileSync('tar', ['-xzf', resolve('test/package/node20/archive.tgz'), '-C', folder]);
  old = readRows();
  simulator = await startSimulator({ ...FLEET, now: NOW });
});
afterAll(async () => {
  await server?.stop();
  await simulator?.close();
  rmSync(folder, { recursive: true });
});

test('the command migrate brings an archive that Node 20 made to the schema of this version', async () => {
  const { code, out } = await run('migrate');
  expect([code, out]).toEqual([0, expect.stringMatching(/has schema \d+/)]);
});

test('an archive that Node 20 made is intact according to its key and its kept checkpoints', async () => {
  expect(old).toMatchObject({ invocations: { length: 82 }, revisions: { length: 83 } });
  const { code, out } = await run('verify');
  expect(out).toMatch(
    /^INTACT .*\nLedger +\d+ leaves, 83 revisions among them; .*\nSigned +3 checkpoints of the file, 3 checkpoints from the archive's checkpoint folder$/m,
  );
  expect(code).toBe(0);
});

test('a pass into an archive that Node 20 made adds new invocations, ends unfinished invocations, and keeps ended ones', async () => {
  const ended = new Set(old.invocations.filter(({ status }) => status !== 'InProgress').map(({ id }) => id));
  const unfinished = old.invocations.length - ended.size;
  expect(unfinished).toBeGreaterThan(0);
  const pass = await run('ingest');
  expect(pass.out).toMatch(/^Pass 4 is complete: [1-9]\d* new invocations?\.$/m);
  expect(pass.code).toBe(0);
  const now = readRows();
  const endedIn = (rows: Rows) => ({
    invocations: rows.invocations.filter(({ id }) => ended.has(id)),
    steps: rows.steps.filter((step) => ended.has(step.invocation_id)),
  });
  // A later version may add columns, but has all columns of this version.
  expect(endedIn(now)).toMatchObject(endedIn(old));
  expect(now.revisions.slice(0, old.revisions.length)).toMatchObject(old.revisions);
  expect(now.revisions.length).toBeGreaterThan(old.revisions.length + unfinished);
  const db = openArchive(archive);
  expectHoldsService(db, simulator, ACCOUNT, REGION);
  db.close();
});

test('an archive that Node 20 made is still intact after a pass of this version, with all checkpoints of Node 20', async () => {
  const { code, out } = await run('verify');
  expect(out).toMatch(
    /^INTACT .*\n.*\nSigned +4 checkpoints of the file, [3-9] checkpoints from the archive's checkpoint folder$/m,
  );
  expect(code).toBe(0);
});

test('an archive that Node 20 made answers SQL and REST with a token that Node 20 made', async () => {
  const { out } = await run('sql', '--format', 'json', 'SELECT count(*) AS n FROM invocations');
  const [{ n }]: [{ n: number }] = JSON.parse(out);
  expect(n).toBeGreaterThan(old.invocations.length);
  server = await startServer({ archive, now: NOW, env: settings() });
  await server.logged('Collected.');
  const ask = (path: string, init: RequestInit = {}) => fetch(`${server?.url}${path}`, init);
  expect((await ask('/v1/invocations')).status).toBe(401);
  const authorization = `Bearer ${readFileSync(join(folder, 'token'), 'utf8').trim()}`;
  const [first] = old.invocations.filter(
    ({ id }) => old.revisions.filter((row) => row.invocation_id === id).length > 1,
  );
  const path = `${first?.account_id}/${first?.region}/${first?.command_id}/${first?.instance_id}`;
  const rest = await ask(`/v1/invocations/${path}/revisions`, { headers: { authorization } });
  expect(await rest.json()).toMatchObject({ items: [{}, {}] });
  const body = JSON.stringify({ sql: 'SELECT count(*) FROM invocations' });
  const sql = await ask('/v1/sql', {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': 'application/json' },
  });
  expect(await sql.json()).toMatchObject({ rows: [[n]] });
});

/** Runs the built command at the time when collecting continues, against the simulated service. */
function run(...args: string[]) {
  const clock = `${pathToFileURL('test/browser/consoles/shift-clock.mjs')}?ms=${NOW.getTime() - Date.now()}`;
  const env = { PATH: process.env.PATH ?? '', HOME: folder, SSM_ARCHIVE_DB: archive, ...settings() };
  return start({ simulator, folder, archive, env }, args, [process.execPath, '--import', clock, 'dist/cli.js']).ended;
}

function settings(): Record<string, string> {
  return {
    ...{ AWS_ENDPOINT_URL: simulator.url, AWS_REGION: REGION },
    ...{ AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'any', ...checkpoints },
  };
}

function readRows(): Rows {
  const db = new Database(archive, { readonly: true });
  const all = (sql: string) => db.prepare<[], Row>(sql).all();
  const rows = {
    invocations: all('SELECT * FROM invocations ORDER BY id'),
    steps: all('SELECT * FROM plugins ORDER BY invocation_id, position'),
    revisions: all('SELECT * FROM revisions ORDER BY seq'),
  };
  db.close();
  return rows;
}
