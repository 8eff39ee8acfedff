import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { parseCsv } from '../../../lib/parse-csv.ts';
import { apiTrial } from '../api-trial.ts';

const ACCOUNT = '012345678901';
const api = apiTrial();
await api.record(
  [
    {
      ...{ CommandId: '12345e67', InstanceId: 'i-1', InstanceName: 'zürich', Comment: '=1+1' },
      CommandPlugins: [rawPlugin({ Output: 'a\u0000b\r\nnaïve \u2603\n' })],
    },
    { CommandId: 'c', InstanceId: 'i-2', Comment: 'Überprüfung täglich' },
  ],
  { source: { accountId: ACCOUNT, region: 'eu-west-1' } },
);

const operationForm = z.object({
  parameters: z
    .array(z.object({ name: z.string(), schema: z.object({ enum: z.array(z.string()).optional() }) }))
    .optional(),
});
const documentForm = z.object({ paths: z.record(z.string(), z.record(z.string(), operationForm)) });

const SPREADSHEET = 'format=csv&for=spreadsheet';

/** Every route that returns a list or other rows. */
const LISTS = [
  ...['/v1/invocations', `/v1/invocations/${ACCOUNT}/eu-west-1/c/i-2/revisions`, '/v1/commands', '/v1/instances'],
  ...['/v1/documents', '/v1/runs', '/v1/sweeps', '/v1/sources', '/v1/coverage?from=2026-03-01&to=2026-03-02'],
  ...['/v1/stats?groupBy=account', '/v1/reports', '/v1/reports/what-ran?from=2020-01-01', '/v1/ledger/entries'],
  ...['/v1/ledger/checkpoints', '/v1/access-log', `/v1/sql?sql=${encodeURIComponent('SELECT * FROM invocations')}`],
];

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

async function bytesOf(path: string): Promise<Buffer> {
  const reply = await api.ask(path);
  expect(reply.status, path).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
}

describe('an answer as CSV for spreadsheets', () => {
  it.each(LISTS)(
    'begins with a byte order mark, ends its lines with CRLF and has a file name that describes it: %s',
    async (path) => {
      const reply = await api.ask(withQuery(path, SPREADSHEET));
      expect(reply.headers.get('content-disposition')).toMatch(/-for-spreadsheets\.csv"$/);
      const text = Buffer.from(await reply.arrayBuffer()).toString();
      expect(text.charAt(0)).toBe('\ufeff');
      const [header = [], ...rows] = parseCsv(text.slice(1));
      const [exactHeader = [], ...exactRows] = parseCsv((await bytesOf(withQuery(path, 'format=csv'))).toString());
      expect(header).toEqual(exactHeader);
      // The access log has one more row by now: the request before this one.
      if (!path.includes('access-log')) expect(rows).toHaveLength(exactRows.length);
    },
  );

  it('can be asked for with the Accept header too', async () => {
    const reply = await api.ask('/v1/invocations?for=spreadsheet', { headers: { accept: 'text/csv' } });
    expect(
      Buffer.from(await reply.arrayBuffer())
        .toString()
        .charAt(0),
    ).toBe('\ufeff');
  });

  it('keeps the leading zero of an account id, makes a NUL visible, keeps a command id that looks like a number, and runs no formula', async () => {
    for (const query of ['', '&asOf=2027-01-01']) {
      const text = (await bytesOf(`/v1/invocations?${SPREADSHEET}&include=outputs${query}`)).toString();
      const [header = [], ...rows] = parseCsv(text.slice(1));
      const [first] = rows
        .map((cells) => Object.fromEntries(header.map((name, n) => [name, cells[n]])))
        .filter(({ instanceId }) => instanceId === 'i-1');
      expect(first).toMatchObject({
        ...{ accountId: `="${ACCOUNT}"`, commandId: '="12345e67"', instanceName: 'zürich', comment: "'=1+1" },
        ...{ region: 'eu-west-1', pluginOutput: 'a\u2400b\nnaïve \u2603\n' },
      });
    }
  });

  it('keeps the types of a query’s values: a text stays a text, and a number stays a number', async () => {
    const sql = `SELECT '00123', '1e5', '2026-03', 'Mar 1', 5, 2.5, 9007199254740993, x'0012', 'a' || char(27), NULL, 'x'`;
    const text = (await bytesOf(`/v1/sql?sql=${encodeURIComponent(sql)}&${SPREADSHEET}`)).toString();
    expect(parseCsv(text.slice(1))[1]).toEqual([
      ...['="00123"', '="1e5"', '="2026-03"', '="Mar 1"', '5', '2.5', '="9007199254740993"', '="0012"'],
      ...['a\u241b', '', 'x'],
    ]);
  });

  it('does not change the exact CSV, which has no byte order mark and keeps a NUL', async () => {
    const exact = await bytesOf('/v1/invocations?format=csv&include=outputs');
    expect(exact.subarray(0, 9).toString()).toBe('accountId');
    expect(exact.includes(0)).toBe(true);
    expect(exact.includes(`\n${ACCOUNT},`)).toBe(true);
  });
});

describe('the OpenAPI document', () => {
  it('has the parameter `for` on every route that can return CSV', async () => {
    const { paths } = documentForm.parse(await (await api.ask('/openapi.json')).json());
    const asked = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .map(({ parameters = [] }) => parameters)
      .filter((parameters) => parameters.some(({ schema }) => schema.enum?.includes('csv')));
    expect(asked.length).toBeGreaterThanOrEqual(LISTS.length);
    for (const parameters of asked) expect(parameters.map(({ name }) => name)).toContain('for');
  });
});

describe('a wrong use of the parameter `for`', () => {
  it.each(LISTS)('gets an error that says what to do: %s', async (path) => {
    for (const query of ['for=spreadsheet', 'format=json&for=spreadsheet', 'format=ndjson&for=spreadsheet'])
      expect((await api.problem(withQuery(path, query), 400)).errors).toEqual([
        { field: 'for', message: 'is only for CSV: add format=csv' },
      ]);
    expect((await api.problem(withQuery(path, `${SPREADSHEET}&csv=raw`), 400)).errors).toEqual([
      {
        field: 'for',
        message: 'cannot be combined with csv=raw: for=spreadsheet is for people, csv=raw is for programs',
      },
    ]);
    expect((await api.problem(withQuery(path, 'format=csv&for=excel'), 400)).errors).toEqual([
      { field: 'for', message: 'must be spreadsheet' },
    ]);
  });
});
