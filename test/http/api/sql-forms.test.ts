import { describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();

async function problemOf(body: unknown): Promise<{ faults: Record<string, string>; bytes: number }> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const reply = await api.app.request('/v1/sql', init);
  const bytes = (await reply.text()).length;
  return { faults: faultsOf(await api.problem('/v1/sql', 400, init)), bytes };
}

describe('a body with a hundred thousand faults', () => {
  const sql = 'SELECT 1';
  const wrong = Array.from({ length: 200_000 }, () => []);
  const named = Array.from({ length: 60_000 }, (_, n) => [`a${n}`, 1]);
  it.each<[string, unknown, string]>([
    ['in a list', { sql, params: wrong }, 'params'],
    ['in an object', { sql, params: Object.fromEntries(named.map(([name]) => [name, {}])) }, 'params'],
    ['by too many values', { sql, params: wrong.map(() => 1) }, 'params'],
    ['by names that do not exist', { sql, ...Object.fromEntries(named) }, 'a0'],
    ['in a name', { sql, ['a'.repeat(900_000)]: 1 }, `${'a'.repeat(100)}…`],
  ])('gets a short answer: %s', async (_, body, field) => {
    const { faults, bytes } = await problemOf(body);
    expect(Object.keys(faults)[0]).toBe(field);
    expect(bytes).toBeLessThan(10_000);
  });

  it('gets a short answer if its faults are brackets within brackets', async () => {
    const body = `{"sql":"SELECT 1","params":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect(Object.keys(faultsOf(await api.problem('/v1/sql', 400, init)))).toEqual(['params']);
  });
});
