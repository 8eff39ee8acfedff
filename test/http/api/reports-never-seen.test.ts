import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
await api.record([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]);
// The processes that answer SQL start with the first query, which may use its whole deadline on a busy machine.
while ((await api.ask('/v1/sql?sql=SELECT+1')).status !== 200);
afterEach(() => rmSync(api.reportsFile, { force: true }));

const SPAN = 'from=2026-01-01&to=2027-01-01';
const MISSPELT = `/v1/reports/what-ran?${SPAN}&document=AWS-RunShelScript`;
const NEVER_SEEN = [
  { parameter: 'document', filter: 'documentName', value: 'AWS-RunShelScript', near: ['AWS-RunShellScript'] },
];

describe('a report with a value that the archive has never seen', () => {
  it('has no rows, and names the value, similar values and the coverage of its span', async () => {
    expect(await api.json(MISSPELT)).toMatchObject({
      ...{ rows: [], rowCount: 0, truncated: false, neverSeen: NEVER_SEEN },
      coverage: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z', state: 'notCollected' },
    });
  });

  it('names the parameter in a header if the rows are a download', async () => {
    for (const format of ['csv', 'ndjson']) {
      const { status, headers } = await api.ask(`${MISSPELT}&format=${format}`);
      expect([status, headers.get('x-ssm-archive-never-seen')]).toEqual([200, 'document']);
    }
  });

  it('differs from a report that has rows and only known values, which has no such notes', async () => {
    const answer = await api.json(`/v1/reports/what-ran?${SPAN}&document=AWS-RunShellScript`);
    expect(Object.keys(answer)).toEqual(['engine', 'columns', 'rows', 'rowCount', 'truncated', 'elapsedMs']);
    const { headers } = await api.ask(`/v1/reports/what-ran?${SPAN}&format=csv`);
    expect(headers.has('x-ssm-archive-never-seen')).toBe(false);
  });
});

describe('a report with a value that its filter cannot have', () => {
  it('returns 400 and says what was expected, both for built-in and for saved reports', async () => {
    const problem = await api.problem('/v1/reports/what-ran?account=01234567890', 400);
    expect(faultsOf(problem)).toEqual({
      account: 'must be the 12 digits of an AWS account, not "01234567890"',
    });
    const parameters = [{ name: 'end', type: 'text', description: 'A status.', filter: 'status' }];
    const saved = await api.ask('/v1/reports/ends', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ description: 'By status.', sql: 'SELECT count(*) FROM invocations WHERE status = :end', parameters },
      }),
    });
    expect(saved.status).toBe(201);
    expect(faultsOf(await api.problem('/v1/reports/ends?end=Faild', 400))).toEqual({
      end: 'must be a Status or StatusDetails of AWS, not "Faild". Did you mean "Failed"?',
    });
    expect((await api.json('/v1/reports/ends?end=SUCCESS')).rows).toEqual([[2]]);
  });

  it('cannot be saved if the value is a default, or if a filter is on a parameter that is not a text', async () => {
    const save = (parameter: object) =>
      api.problem('/v1/reports/own', 400, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ description: 'One.', sql: 'SELECT :p', parameters: [{ name: 'p', description: 'One.', ...parameter }] },
        }),
      });
    expect(faultsOf(await save({ type: 'text', filter: 'region', default: 'eu' }))).toEqual({
      'parameters[0].default': 'must be an AWS region such as eu-west-1, not "eu"',
    });
    expect(faultsOf(await save({ type: 'integer', filter: 'region' }))).toEqual({
      'parameters[0].filter': 'works only for parameters of type text',
    });
  });
});
