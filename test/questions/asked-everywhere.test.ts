import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlOfView } from '../../src/http/console/invocations/sql-of-view.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../src/questions/filters.ts';
import { readFilters } from '../../src/questions/read-filters.ts';
import { unpacked } from '../archive/evidence/pack-trial.ts';
import { runCli } from '../cli/run-cli.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { parseCsv } from '../lib/parse-csv.ts';
import { recordAsked } from './asked-archive.ts';

const api = apiTrial();
await recordAsked(api.db);

const ALL: Record<string, string> = Object.fromEntries(FILTER_NAMES.map((name) => [name, FILTERS[name].example]));
const asked = (name: FilterName) => new URLSearchParams({ [name]: FILTERS[name].example });

/** Returns how many of the three invocations an answer has. Fails the test if the expected invocation is missing. */
function countOf(commandIds: readonly unknown[]): number {
  expect(commandIds).toContain(FILTERS.commandId.example);
  return commandIds.length;
}

const sqlRows = async (name: FilterName) => {
  const { filter, faults } = readFilters({ [name]: FILTERS[name].example }, { now: new Date() });
  expect(faults).toEqual([]);
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const { rows } = await api.json('/v1/sql', { ...init, body: JSON.stringify({ sql: sqlOfView(filter) }) });
  return Array.isArray(rows) ? rows.map((row: unknown[]) => row[8]) : [];
};
const commandsOf = (items: readonly Record<string, unknown>[]) => items.map(({ commandId }) => commandId);
const answerTextOf = async (path: string) => {
  const reply = await api.app.request(path);
  const text = await reply.text();
  expect([path, reply.status, text.slice(0, 200)]).toEqual([path, 200, expect.any(String)]);
  return text;
};

describe('every filter of the list narrows a question in the same way on every surface', () => {
  it.each(FILTER_NAMES)('the filter %s finds some of the invocations, and not all', async (name) => {
    const query = asked(name);
    const found = commandsOf((await api.list(`/v1/invocations?${query}`)).items);
    const count = countOf(found);
    expect(count).toBeLessThan(3);
    const lines = (await answerTextOf(`/v1/invocations?${query}&format=ndjson`)).trimEnd().split('\n');
    expect(countOf(lines.map((line) => JSON.parse(line).commandId))).toBe(count);
    const [head = [], ...rows] = parseCsv(await answerTextOf(`/v1/invocations?${query}&format=csv`));
    expect(countOf(rows.map((row) => row[head.indexOf('commandId')]))).toBe(count);
    const { items } = await api.list(`/v1/stats?groupBy=region&${query}`);
    expect(items.reduce((sum, row) => sum + Number(row.count), 0)).toBe(count);
    expect(countOf(await sqlRows(name))).toBe(count);
    const html = await answerTextOf(`/invocations?${query}`);
    expect(html.match(/<a href="\/invocations\/[^"?]+"/g)).toHaveLength(count);
    expect(html).toContain(`aria-label="Remove ${FILTERS[name].label} `);
  });

  it('all filters together select the content of a pack, and the page of the pack names each filter', async () => {
    const reply = await api.app.request(`/v1/evidence?${new URLSearchParams(ALL)}`);
    expect(reply.status).toBe(200);
    const pack = join(tempFolder(), 'pack.zip');
    writeFileSync(pack, Buffer.from(await reply.arrayBuffer()));
    const files = await unpacked(pack);
    const manifest = JSON.parse(readFileSync(join(files, 'manifest.json'), 'utf8'));
    expect(Object.keys(manifest.question.filter).sort()).toEqual([...FILTER_NAMES].sort());
    expect(manifest.invocations).toBe(1);
    const page = readFileSync(join(files, 'index.html'), 'utf8');
    for (const name of FILTER_NAMES) expect(page).toContain(`${FILTERS[name].label}: `);
  });

  it('all filters together are options of the command prune, and its preview names each filter', async () => {
    const options = FILTER_NAMES.flatMap((name) => {
      const [flag = ''] = FILTERS[name].option.flags.split(' ');
      return [name === 'requestedBefore' ? '--before' : flag, FILTERS[name].example];
    });
    const env = { SSM_ARCHIVE_DB: join(dirname(api.reportsFile), 'archive.db') };
    const { exitCode, stdout, stderr } = await runCli(tempFolder(), ['prune', '--json', ...options], env);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(Object.keys(JSON.parse(stdout).selection).sort()).toEqual([...FILTER_NAMES].sort());
  });
});

describe('every filter of the list is described', () => {
  it.each(['/v1/invocations', '/v1/stats', '/v1/evidence'])(
    'each filter is a parameter of %s in the OpenAPI document, with its description',
    async (path) => {
      const { paths } = JSON.parse(await answerTextOf('/openapi.json'));
      const parameters: { name: string; description?: string }[] = paths[path].get.parameters;
      for (const name of FILTER_NAMES)
        expect(parameters).toContainEqual(expect.objectContaining({ name, description: FILTERS[name].about }));
    },
  );
});
