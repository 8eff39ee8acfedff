import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import createClient from 'openapi-fetch';
import { describe, expect, it } from 'vitest';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial } from '../api-trial.ts';
import type { paths } from './archive-api.ts';
import { clientTypes } from './client-types.ts';

const TYPES = fileURLToPath(new URL('./archive-api.ts', import.meta.url));
const api = apiTrial();
await api.record([
  { CommandId: 'a', InstanceId: 'i-1' },
  { CommandId: 'a', InstanceId: 'i-2', Status: 'Failed' },
  { CommandId: 'a', InstanceId: 'i-3', Status: 'TimedOut' },
]);
// The client talks to the app itself. `tsc` checks each call and each member below against the OpenAPI document.
const client = createClient<paths, 'application/json' | 'application/problem+json'>({
  baseUrl: 'http://localhost',
  fetch: async (request) => api.app.request(request),
});

describe('a client typed from the OpenAPI document', () => {
  it('has the types of the current document; UPDATE=1 rewrites them', async () => {
    const types = clientTypes(await (await api.app.request('/openapi.json')).json());
    if (process.env.UPDATE === '1') {
      writeFileSync(TYPES, `// Written by client.test.ts with UPDATE=1.\n${types}`);
      execFileSync('node_modules/.bin/biome', ['format', '--write', TYPES]);
    }
    const written = readFileSync(TYPES, 'utf8');
    const squeezed = (text: string) => text.replace(/^\/\/.*$/gm, '').replaceAll(/[\s'"();,|]/g, '');
    expect(squeezed(written)).toBe(squeezed(types));
  });

  it('finds invocations by several statuses, with their steps, page by page', async () => {
    const query = { status: ['Failed', 'TimedOut'], include: 'plugins', limit: 1 };
    const { data, error } = await client.GET('/v1/invocations', { params: { query } });
    expect(error).toBeUndefined();
    const [first] = data?.items ?? [];
    expect(first?.plugins?.[0]?.durationMs).toBe(500);
    const cursor = data?.nextCursor ?? '';
    const next = await client.GET('/v1/invocations', { params: { query: { ...query, cursor } } });
    expect([first?.status, next.data?.items[0]?.status].sort()).toEqual(['Failed', 'TimedOut']);
    expect(next.data?.nextCursor).toBeUndefined();
  });

  it('gets a command by its key, and statistics', async () => {
    const path = { ...SOURCE, commandId: 'a' };
    const command = await client.GET('/v1/commands/{accountId}/{region}/{commandId}', { params: { path } });
    expect(command.data?.byStatus).toEqual({ Failed: 1, Success: 1, TimedOut: 1 });
    const stats = await client.GET('/v1/stats', { params: { query: { groupBy: 'status' } } });
    expect(stats.data?.items.map(({ status, count }) => [status, count])).toEqual([
      ['Failed', 1],
      ['Success', 1],
      ['TimedOut', 1],
    ]);
  });

  it('runs a report with its own parameters', async () => {
    const { data } = await client.GET('/v1/reports/{name}', {
      params: { path: { name: 'status-by-node' }, query: { parameters: { from: '2020-01-01' }, limit: 2 } },
      querySerializer: { object: { style: 'form', explode: true } },
    });
    expect([data?.rowCount, data?.truncated]).toEqual([2, true]);
  });

  it('gets errors in the form that the document describes', async () => {
    const { data, error, response } = await client.GET('/v1/invocations', { params: { query: { limit: 0, q: '(' } } });
    expect([data, response.status]).toEqual([undefined, 400]);
    expect(error?.errors?.map(({ field }) => field).sort()).toEqual(['limit', 'q']);
  });
});
