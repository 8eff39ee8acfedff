import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listAllInvocations } from '../../src/archive/whole/list-all-invocations.ts';
import { connectToRead } from '../../src/db/reading/connect-to-read.ts';
import { LISTED_MS } from '../../src/lake/catalogue/keep-index.ts';
import { openSealedDays } from '../../src/lake/read/open-sealed-days.ts';
import { serveLake } from '../../src/service/serve-lake.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { type LakeOfTwo, lakeOfTwo } from '../lake/catalogue/lake-of-two.ts';
import { placeOf } from '../lake/place-of.ts';
import { memoryLog } from '../memory-log.ts';
import { onTestEnd } from '../on-test-end.ts';
import { configOf, READER, SQL_READER } from './start-server.ts';

const SEALED = { invocations: 30, sealed: 4 };
const NEWEST = { filter: {}, sort: 'requestedAt', isDescending: true, include: 'none', limit: 1000 } as const;

/** A server over a lake alone, until the test ends. */
async function serveAlone(location: string, { keys = [] as string[] } = {}) {
  const { log, logged } = memoryLog();
  const clock = { ms: Date.now() };
  const file = join(tempFolder(), 'nothing.db');
  const service = await serveLake({
    config: {
      ...configOf(file, ''),
      lake: { ...lakeSettings, location },
      ...(keys.length > 0 && { verifyKeys: keys }),
    },
    ...{ log, now: () => new Date(clock.ms), readerProgram: READER, sqlProgram: SQL_READER },
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestEnd(stop);
  async function ask(path: string, init?: RequestInit) {
    const answer = await fetch(service.url + path, init);
    const text = await answer.text();
    const isJson =
      /json/.test(answer.headers.get('content-type') ?? '') && !/ndjson/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }
  return { ask, stop, logged, clock, file };
}

const lakeSettings = { cacheBytes: 1e9, sealAfterMs: 35 * 86_400_000 };

/** What the two archives have of their sealed days, each asked by itself. */
async function sealedRows({ archives, location }: LakeOfTwo) {
  const rows = [];
  for (const { sqlite, days, sealed } of archives) {
    const connect = () => connectToRead(sqlite.name, 'usual', 5000);
    const own = openSealedDays({ place: placeOf(location), connect });
    const { items } = await listAllInvocations(
      sqlite,
      { ...NEWEST, filter: { requestedBefore: `${days[sealed]}T00:00:00.000Z` } },
      own,
    );
    own.close();
    rows.push(...items);
  }
  return rows.sort((a, b) => (String(a.requestedAt) < String(b.requestedAt) ? 1 : -1));
}

const keyOf = ({ accountId, commandId, instanceId }: { accountId: string; commandId: string; instanceId: string }) =>
  `${accountId} ${commandId} ${instanceId}`;

describe('a server over a lake alone', { timeout: 120_000 }, () => {
  it('answers from the sealed days of all archives, and writes nothing into the lake', async () => {
    const lake = await lakeOfTwo(SEALED);
    const expected = await sealedRows(lake);
    const before = readdirSync(lake.location, { recursive: true }).sort();
    const { ask, file } = await serveAlone(lake.location, {
      keys: lake.archives.map(({ verifierKey }) => verifierKey),
    });

    const listed = await ask('/v1/invocations?limit=1000');
    expect(listed.status).toBe(200);
    expect(listed.headers.get('x-ssm-archive-sealed-to')).toBe(
      lake.archives
        .map(({ number, days, sealed }) => `${number}=${days[sealed - 1] && dayAfter(String(days[sealed - 1]))}`)
        .join(', '),
    );
    expect(listed.body.items.map(keyOf).sort()).toEqual(expected.map(keyOf).sort());
    const [first] = listed.body.items;
    const one = await ask(`/v1/invocations/${first.accountId}/${first.region}/${first.commandId}/${first.instanceId}`);
    expect(one.body).toMatchObject({ commandId: first.commandId, status: first.status });
    const csv = await ask('/v1/invocations?format=csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(expected.length + 1);

    const counted = await ask('/v1/stats?groupBy=account');
    const ofAccount = (id: string) => expected.filter(({ accountId }) => accountId === id).length;
    expect(counted.body.items).toEqual(
      lake.archives
        .map(({ accountId }) => ({ account: accountId, count: ofAccount(accountId) }))
        .sort((a, b) => (a.account < b.account ? -1 : 1)),
    );
    const sql = 'SELECT account_id, count(*) AS n FROM invocations GROUP BY 1 ORDER BY 1';
    const asked = await ask('/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql }),
    });
    expect(asked.body).toMatchObject({ engine: 'lake', rows: counted.body.items.map(Object.values) });
    // No month of theirs is over, so that the lake has no commands.
    const commands = await ask(
      `/v1/sql?${new URLSearchParams({ sql: 'SELECT count(DISTINCT account_id) FROM commands' })}`,
    );
    expect([commands.status, commands.body.errors[0].message]).toEqual([400, expect.stringContaining('commands')]);

    const { body } = await ask('/v1/lake');
    expect(body.archives).toMatchObject([
      { archive: 0, days: 4, unsignedDays: 0, isPinned: true, prunedDays: [], unreadableDays: [] },
      { archive: 7, days: 4, unsignedDays: 0, isPinned: true },
    ]);
    expect(readdirSync(lake.location, { recursive: true }).sort()).toEqual(before);
    expect(existsSync(file)).toBe(false);
  });

  it('refuses in words what only an archive could answer, and never says that nothing ran there', async () => {
    const lake = await lakeOfTwo(SEALED);
    const { ask } = await serveAlone(lake.location);
    const last = dayAfter(String(lake.archives[0].days[SEALED.sealed - 1]));
    const refused = [
      ...['/v1/nodes', '/v1/checkpoints/latest', '/v1/runs', '/metrics', '/', '/coverage', '/v1/commands'],
      ...['/v1/stats?groupBy=hour', '/v1/stats?groupBy=instance', '/v1/stats?groupBy=day&durations=true'],
      ...[
        `/v1/stats?groupBy=day&requestedAfter=${lake.archives[0].days[0]}T01:00:00Z`,
        `/v1/invocations?requestedAfter=${last}T00:00:00Z`,
      ],
      '/v1/invocations?sender=arn:aws:iam::111122223333:user/a',
    ];
    for (const path of refused) {
      const { status, body } = await ask(path);
      expect([path, status], path).toEqual([path, 501]);
      expect(body.detail.length, path).toBeGreaterThan(40);
    }
    expect((await ask('/', { method: 'POST', body: '{}' })).status).toBe(501);
    const archive = await ask(`/v1/sql?${new URLSearchParams({ sql: 'SELECT 1', engine: 'archive' })}`);
    expect(archive.body.errors).toEqual([
      { field: 'engine', message: 'can only be lake here, because this server has a lake and no archive' },
    ]);
    const unknown = await ask(`/v1/sql?${new URLSearchParams({ sql: 'SELECT count(*) FROM runs' })}`);
    expect(unknown.status).toBe(400);
    const missing = await ask(
      '/v1/invocations/111122223333/eu-west-1/99999999-2222-4333-8444-555555555555/i-0123456789abcdef0',
    );
    expect([missing.status, missing.body.detail]).toEqual([
      404,
      expect.stringContaining(`archive 7 has sealed the days before`),
    ]);
    const empty = await ask('/v1/invocations?commandId=99999999-2222-4333-8444-555555555555');
    expect(empty.body).toMatchObject({ items: [], coverage: { state: 'incomplete' } });
    expect(empty.body.neverSeen ?? []).toEqual([]);
  });

  it('refuses each operation of an archive’s server that it does not describe itself', async () => {
    const lake = await lakeOfTwo({ invocations: 10, sealed: 2 });
    const { ask } = await serveAlone(lake.location);
    const own = operationsOf((await ask('/openapi.json')).body);
    const all = operationsOf(await (await apiTrial().app.request('/openapi.json')).json());
    const others = all.filter((operation) => !own.includes(operation));
    expect(own).toContain('get /v1/invocations');
    expect(others).toContain('get /v1/commands');
    for (const operation of others) {
      const [method = '', path = ''] = operation.split(' ');
      const { status } = await ask(path.replaceAll(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      expect([operation, status]).toEqual([operation, 501]);
    }
  });

  it('says what manifests say of an account and region, and calls a span complete only if they cover it', async () => {
    const lake = await lakeOfTwo(SEALED);
    const { ask } = await serveAlone(lake.location);
    const { body } = await ask('/v1/coverage');
    expect(body.items).toMatchObject([
      { archive: 0, accountId: lake.archives[0].accountId, isComplete: false },
      { archive: 7, accountId: lake.archives[1].accountId, isComplete: false },
    ]);
    for (const item of body.items) {
      const one = await ask(
        `/v1/coverage?${new URLSearchParams({ account: item.accountId, from: item.from, to: item.to })}`,
      );
      const whole =
        item.gaps.length + item.edges.length + item.unknownDays.length + item.forgottenCommands.length === 0;
      expect(one.body.items).toMatchObject([{ from: item.from, to: item.to, isComplete: whole }]);
    }
    const later = await ask('/v1/coverage?from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z');
    expect(later.body.items.every((item: { isComplete: boolean }) => !item.isComplete)).toBe(true);
  });

  it('finds days that are sealed later, is not ready while the lake is gone, and leaves no file behind', async () => {
    const lake = await lakeOfTwo(SEALED);
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('ssm-archive-lake-index-'));
    const there = folders();
    const { ask, clock, stop } = await serveAlone(lake.location);
    expect((await ask('/readyz')).status).toBe(200);
    renameSync(lake.location, `${lake.location}-away`);
    clock.ms += LISTED_MS;
    const gone = await ask('/v1/invocations');
    expect(gone.status).toBe(503);
    expect((await ask('/readyz')).status).toBe(503);
    renameSync(`${lake.location}-away`, lake.location);
    clock.ms += LISTED_MS;
    expect((await ask('/v1/invocations')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    await stop();
    expect(folders().filter((name) => !there.includes(name))).toEqual([]);
  });

  it('names the archives whose days no pinned key has signed, and refuses the days of an archive that another key has signed', async () => {
    const lake = await lakeOfTwo(SEALED);
    const [zero, seven] = lake.archives;
    const { ask } = await serveAlone(lake.location);
    expect((await ask('/v1/invocations')).headers.get('x-ssm-archive-unsigned-archives')).toBe('0, 7');
    const { ask: askPinned } = await serveAlone(lake.location, { keys: [zero.verifierKey] });
    const refused = await askPinned('/v1/invocations');
    expect([refused.status, refused.body.detail]).toEqual([503, expect.stringContaining('archive-7.parquet')]);
    const { body } = await askPinned('/v1/lake');
    expect(body.archives[0].unreadableDays).toEqual([]);
    expect(body.archives[1].unreadableDays).toHaveLength(seven.sealed);
    expect(body.archives[1].unreadableDays[0].why).toContain('no pinned key');
  });

  it('refuses a question for an account that the lake has not, and a lake without a sealed day', async () => {
    const lake = await lakeOfTwo({ invocations: 10, sealed: 2 });
    const { ask } = await serveAlone(lake.location);
    expect((await ask('/v1/invocations?account=999999999999')).status).toBe(501);
    const empty = join(tempFolder(), 'lake');
    mkdirSync(empty);
    await expect(serveAlone(empty)).rejects.toThrow(`The lake ${empty} has no sealed day of any archive.`);
    await expect(serveAlone(join(empty, 'none'))).rejects.toThrow('is not there');
  });

  it('runs shipped reports that mean the same over a lake, and refuses the others in words', async () => {
    const { ask } = await serveAlone((await lakeOfTwo(SEALED)).location);
    const run = await ask('/v1/reports/what-ran?from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z');
    expect([run.status, run.body.engine]).toEqual([200, 'lake']);
    expect(run.body.rows.length).toBeGreaterThan(0);
    const other = await ask('/v1/reports/coverage-gaps');
    expect([other.status, other.body.errors[0].field]).toEqual([400, 'engine']);
  });

  it('serves a lake that it may only read', async () => {
    const lake = await lakeOfTwo(SEALED);
    const paths = readdirSync(lake.location, { recursive: true }).map((name) => join(lake.location, String(name)));
    for (const path of paths.reverse())
      chmodSync(path, path.endsWith('.parquet') || path.endsWith('.json') ? 0o444 : 0o555);
    const { ask } = await serveAlone(lake.location);
    expect((await ask('/v1/invocations?limit=5')).body.items).toHaveLength(5);
    for (const path of paths) chmodSync(path, 0o755);
  });
});

const Paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The operations of an OpenAPI document, such as `get /v1/invocations`. */
function operationsOf(document: unknown): string[] {
  return Object.entries(Paths.parse(document).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
