import { expect, it } from 'vitest';
import { z } from 'zod';
import { readSchemaPage } from '../../../../src/questions/sql/read-schema-page.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const api = apiTrial();
const guarded = apiTrial();
await api.record([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]);
const form = z.strictObject({
  engine: z.literal('archive'),
  tables: z.array(z.looseObject({ name: z.string(), estimatedRows: z.int(), description: z.string().min(1) })),
});

it('GET /v1/sql/schema lists the tables in the order of the SQL page, with the number of their rows', async () => {
  const { tables } = form.parse(await api.json('/v1/sql/schema'));
  expect(tables.map(({ name }) => name)).toEqual([...readSchemaPage().keys()]);
  expect(tables.find(({ name }) => name === 'invocations')?.estimatedRows).toBe(2);
  expect(api.accessRows()[0]).toMatchObject({ path: '/v1/sql/schema', status: 200, rows: tables.length });
});

it('GET /v1/sql/schema may be read with any role, and refuses other methods and any parameter', async () => {
  for (const role of ['reader', 'sql', 'operator'] as const) {
    const headers = { authorization: `Bearer ${guarded.makeToken(role)}` };
    expect((await guarded.ask('/v1/sql/schema', { headers })).status).toBe(200);
  }
  await guarded.problem('/v1/sql/schema', 401);
  expect(Object.keys(faultsOf(await api.problem('/v1/sql/schema?table=runs', 400)))).toEqual(['table']);
});
