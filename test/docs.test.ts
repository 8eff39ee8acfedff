import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openAccessDb } from '../src/access/log/open-access-db.ts';
import { readMetrics } from '../src/archive/figures/read-metrics.ts';
import { BUILT_IN_REPORTS } from '../src/archive/reports/built-in-reports.ts';
import { readConfig } from '../src/config/read-config.ts';
import { openArchive } from '../src/db/open.ts';
import { addAccessLogRoute } from '../src/http/api/access-log.ts';
import { createApi } from '../src/http/api/create-api.ts';
import { addOpenApi } from '../src/http/api/docs/openapi.ts';
import { serviceMetrics } from '../src/http/api/metrics/service-metrics.ts';
import { verificationMetrics } from '../src/http/api/metrics/verification-metrics.ts';
import { ingestRoutes } from '../src/http/api/passes/ingest.ts';
import { parseSchemaPage } from '../src/questions/sql/parse-schema-page.ts';
import { noFaults } from '../src/simulator/faults.ts';
import { NO_READERS, NO_REPORTS, NO_SQL, neverIssued } from './http/no-readers.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
const db = openArchive(join(folder, 'archive.db'));
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** Returns the operations in the OpenAPI document, with their query parameters. */
async function describedOperations() {
  const now = () => new Date();
  const deadlines = {
    settlingMs: 0,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 0,
    exportDeadlineMs: 0,
  };
  const pools = { readers: NO_READERS, sql: NO_SQL };
  const app = createApi({
    archive: db.sqlite,
    ...pools,
    reports: NO_REPORTS,
    issueCertificate: neverIssued,
    makeEvidence: neverIssued,
    now,
    ...deadlines,
  });
  const accessDb = openAccessDb(join(folder, 'access.db'));
  addAccessLogRoute(app, { accessDb, now });
  accessDb.close();
  app.route('/', ingestRoutes({ passes: { start: neverStarted, get: () => undefined, follow: () => () => {} } }));
  addOpenApi(app);
  const parameter = z.object({ name: z.string(), in: z.string() });
  const operation = z.object({ parameters: z.array(parameter).default([]) });
  const document = z
    .object({ paths: z.record(z.string(), z.record(z.string(), operation)) })
    .parse(await (await app.request('/openapi.json')).json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters }]) => ({
      ...{ path, method: method.toUpperCase() },
      parameters: parameters.filter((own) => own.in === 'query').map(({ name }) => name),
    })),
  );
}

function neverStarted(): never {
  throw new Error('No pass is started here.');
}

describe('docs/schema.md', () => {
  const documented = parseSchemaPage(read('docs/schema.md'));
  const objects = db.sqlite
    .prepare<[], { name: string }>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '__*'",
    )
    .all()
    .map(({ name }) => name);

  test('has a section for each table and view, and no other section', () => {
    expect([...documented.keys()].sort()).toEqual([...objects].sort());
    for (const [name, { description }] of documented) expect(description, name).toMatch(/\w.*\.$/);
  });

  test.each(objects)('has a sentence for each column of %s, in order, and no other sentence', (name) => {
    const columns = db.sqlite.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name);
    expect([...(documented.get(name)?.columns.keys() ?? [])]).toEqual(columns);
  });

  test.each(objects)('has a sentence for each index of %s, and no other sentence', (name) => {
    const indexes = db.sqlite
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ? ORDER BY name")
      .pluck()
      .all(name);
    expect([...(documented.get(name)?.indexes.keys() ?? [])].sort()).toEqual(indexes);
  });
});

test('docs/configuration.md names exactly the variables that are settings', () => {
  const variables = [...read('docs/configuration.md').matchAll(/^\| `(SSM_ARCHIVE_\w+)` \|/gm)].map(
    (match) => match[1] ?? '',
  );
  expect(variables.length).toBeGreaterThan(8);
  const env = Object.fromEntries(variables.map((name) => [name, '']));
  const { warnings } = readConfig({
    env: { ...env, SSM_ARCHIVE_NOT_ONE: '1' },
    cwd: folder,
    faultOfSchedule: () => undefined,
  });
  expect(warnings).toEqual([expect.stringContaining('SSM_ARCHIVE_NOT_ONE')]);
});

test('docs/operations.md has rules for Prometheus that use only existing metrics', () => {
  const [, rules = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/operations.md')) ?? [];
  const form = z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
  });
  const asked = form.parse(parse(rules)).groups.flatMap((group) => group.rules.map(({ expr }) => expr));
  const ofServer = [...serviceMetrics(undefined, 0, { fault: null }), ...verificationMetrics(undefined)];
  const metrics = [...readMetrics(db.sqlite, { nowMs: 0, settlingMs: 0 }), ...ofServer];
  const names = metrics.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(asked.flatMap((expr) => expr.match(/ssm_archive_\w+/g) ?? ['none'])));
  for (const { name } of ofServer)
    expect(read('docs/operations.md')).toMatch(new RegExp(`\`(ssm_archive|…)${name.slice('ssm_archive'.length)}\``));
});

describe('docs/api.md', async () => {
  const page = read('docs/api.md');
  const operations = await describedOperations();

  test.each(operations)('names $method $path, and each of its parameters', ({ path, parameters }) => {
    expect(page).toContain(`\`${path}\``);
    for (const name of parameters) expect(page, name).toMatch(new RegExp(`\`${name}[\`=]`));
  });

  test('names only existing paths', () => {
    const named = [...page.matchAll(/`(?:GET |POST )?(\/v1\/[^`?]+)`/g)].map(([, path]) => path);
    const paths = operations.map(({ path }) => path);
    expect(named.length).toBeGreaterThan(paths.length - 1);
    expect(named.filter((path) => !paths.includes(path ?? ''))).toEqual([]);
  });
});

test('docs/simulator.md names each fault that can be injected', () => {
  const page = read('docs/simulator.md');
  for (const fault of Object.keys(noFaults())) expect(page).toContain(`\`${fault}\``);
});

test('docs/reports.md has a row for each report that ships, with its parameters', () => {
  const [, page = ''] = read('docs/reports.md').split('| report | parameters |');
  const [list = ''] = page.split('\n\n');
  const rows = [...list.matchAll(/^\| `([a-z-]+)` \| (.*?) \|/gm)].map(([, name, parameters = '']) => ({
    name,
    parameters: [...parameters.matchAll(/`(\w+)`/g)].map(([, parameter]) => parameter),
  }));
  expect(rows).toEqual(
    BUILT_IN_REPORTS.map(({ name, parameters }) => ({
      name,
      parameters: parameters.map((parameter) => parameter.name),
    })),
  );
});

test('README.md names each command', () => {
  const files = readdirSync('src/cli', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const commands = files.flatMap((file) =>
    [...read(join('src/cli', file)).matchAll(/\.command\('(\w+)'\)/g)].map((m) => m[1] ?? ''),
  );
  expect(commands.length).toBeGreaterThan(6);
  for (const command of commands) expect(read('README.md')).toContain(`\`${command}\``);
});
