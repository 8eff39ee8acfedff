import { describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
const body = (value: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

describe('the API', () => {
  it.each([
    ['/v1/invocations?statuss=Failed', 'statuss', 'is not a parameter here. Did you mean "status"?'],
    ['/v1/invocations?document_name=x', 'document_name', 'is not a parameter here. Did you mean "documentName"?'],
    ['/v1/coverage?form=2026-03-01', 'form', 'is not a parameter here. Did you mean "format", "for" or "from"?'],
    ['/v1/invocations?format=josn', 'format', 'must be json, csv or ndjson, not "josn". Did you mean "json"?'],
    ['/v1/invocations?sort=requestedat', 'sort', 'requestedAt"?'],
    ['/v1/runs?outcome=complet', 'outcome', 'Did you mean "complete"?'],
    ['/v1/stats?groupBy=dya', 'groupBy', 'not "dya". Did you mean "day"?'],
    ['/v1/reports/what-ran?fom=-7d', 'fom', 'Did you mean "from"'],
    [
      '/v1/evidence?requestedAfter=-7d&requestedBefore=now&redact=Outptu',
      'redact',
      'not "Outptu". Did you mean "Output"?',
    ],
  ])('proposes a similar name in the error for GET %s', async (path, field, sentence) => {
    expect(faultsOf(await api.problem(path, 400))[field]).toContain(sentence);
  });

  it('proposes a similar name in the 404 for a report', async () => {
    const { detail } = await api.problem('/v1/reports/whatran', 404);
    expect(detail).toBe('There is no report "whatran". Did you mean "what-ran"?');
    expect((await api.problem('/v1/reports/whatran', 404, { method: 'DELETE' })).detail).toBe(detail);
  });

  it('proposes a similar name in the error about an SQL query, with the position of the wrong name', async () => {
    const { errors } = await api.problem('/v1/sql', 400, body({ sql: 'SELECT count(*)\nFROM invocation' }));
    expect(errors).toEqual([
      {
        field: 'sql',
        message: 'no such table: invocation. Did you mean "invocations"?',
        position: { offset: 22, line: 2, column: 6 },
      },
    ]);
  });

  it('proposes a similar name in the error about an unknown member of a body', async () => {
    const faults = faultsOf(await api.problem('/v1/sql', 400, body({ sql: 'SELECT 1', limt: 1 })));
    expect(faults.limt).toBe('is not a parameter here. Did you mean "limit"?');
  });

  it('writes its own messages about a wrong body, and never shows zod’s', async () => {
    for (const value of [
      {},
      { sql: 1 },
      { sql: 'SELECT 1', limit: 'x' },
      { sql: 'SELECT 1', params: 1 },
      [],
      { sql: null, timeoutMs: {} },
    ]) {
      const { errors = [] } = await api.problem('/v1/sql', 400, body(value));
      expect(errors.length).toBeGreaterThan(0);
      for (const { message } of errors)
        expect(message).not.toMatch(/Invalid|expected|received|Unrecognized|Too (big|small)/);
    }
  });
});

describe('the console', () => {
  const page = async (path: string) => (await api.app.request(path, { headers: { accept: 'text/html' } })).text();

  it('proposes similar names in the errors about an unknown report and an unknown table', async () => {
    expect(await page('/reports/whatran')).toContain(
      'There is no report &quot;whatran&quot;. Did you mean &quot;what-ran&quot;?',
    );
    expect(await page(`/sql?sql=${encodeURIComponent('SELECT * FROM invocation')}`)).toContain(
      'no such table: invocation. Did you mean &quot;invocations&quot;?',
    );
  });

  it('accepts a relative time', async () => {
    expect(await page('/invocations?from=-7d')).not.toContain('must be a date');
  });
});
