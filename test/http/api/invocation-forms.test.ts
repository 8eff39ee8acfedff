import { describe, expect, it } from 'vitest';
import { rawPlugin } from '../../archive/raw-invocation.ts';
import { parseCsv } from '../../lib/parse-csv.ts';
import { apiTrial } from './api-trial.ts';

const COMMENTS = [
  ...['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', 'a"b,c\r\nd', '"=1"', 'plain', '', 'é😀', "'quoted'"],
  undefined,
];
const RUN = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1'];
const api = apiTrial();
await api.record(
  COMMENTS.map((Comment, n) => ({
    ...{ CommandId: 'c', InstanceId: `i-${String(n).padStart(2, '0')}`, Comment, RequestedDateTime: 1772357400 - n },
    CommandPlugins: [rawPlugin({ Name: '=step', Output: '=cmd|out\n' }), rawPlugin({ Output: undefined })],
  })),
);
await api.record([{ CommandId: 'bare', InstanceId: 'i-0', CommandPlugins: [], RequestedDateTime: undefined }]);

const download = async (query: string, accept?: string) =>
  api.ask(`/v1/invocations?${query}`, accept === undefined ? {} : { headers: { accept } });
const rowsOf = async (query: string) => {
  const [header = [], ...rows] = parseCsv(await (await download(query)).text());
  return rows.map((cells) => Object.fromEntries(header.map((name, n) => [name, cells[n]])));
};

describe('a list of invocations', () => {
  it.each([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['', 'text/csv', 'text/csv; charset=utf-8; header=present'],
    ['', 'application/json;q=0.5, text/csv', 'text/csv; charset=utf-8; header=present'],
    ['', 'application/json, text/csv;q=0.9', 'application/json'],
    ['', 'application/x-ndjson', 'application/x-ndjson'],
    ['', 'application/ndjson', 'application/x-ndjson'],
    ['', 'image/png', 'application/json'],
    ['format=json', 'text/csv', 'application/json'],
    ['format=csv', 'application/json', 'text/csv; charset=utf-8; header=present'],
    ['format=ndjson', undefined, 'application/x-ndjson'],
  ])('is returned for "%s" with Accept %s as %s', async (query, accept, type) => {
    const reply = await download(query, accept);
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.get('vary')).toContain('Accept');
    await reply.text();
  });

  it('is returned as a file with the time in its name, and caches do not keep it', async () => {
    for (const format of ['csv', 'ndjson']) {
      const reply = await download(`format=${format}`);
      expect(reply.headers.get('content-disposition')).toBe(
        `attachment; filename="invocations-20260331T120000Z.${format}"`,
      );
      expect(reply.headers.get('cache-control')).toBe('no-store');
      await reply.text();
    }
  });

  it('is returned as CSV with a header, CRLF, and no cell that a spreadsheet would run', async () => {
    const text = await (await download('format=csv&commandId=c')).text();
    expect(text.endsWith('\r\n')).toBe(true);
    const rows = await rowsOf('format=csv&commandId=c');
    expect(rows.map(({ comment }) => comment)).toEqual(
      COMMENTS.map((comment = '') => (RUN.includes(comment) ? `'${comment}` : comment)),
    );
    // NULL and the empty text differ only by quotes.
    const lineOf = (n: number) => text.split('\r\n').find((line) => line.includes(`,i-${n},`));
    expect(lineOf(COMMENTS.indexOf(''))).toContain('web-1,"",AWS-RunShellScript');
    expect(lineOf(COMMENTS.indexOf(undefined))).toContain('web-1,,AWS-RunShellScript');
  });

  it('is returned as raw CSV with each cell as the service sent it', async () => {
    const rows = await rowsOf('format=csv&csv=raw&commandId=c');
    expect(rows.map(({ comment }) => comment)).toEqual(COMMENTS.map((comment = '') => comment));
  });

  it('is returned as CSV with a line for each step, and one line for an invocation without steps', async () => {
    const rows = await rowsOf('format=csv&include=outputs');
    expect(rows).toHaveLength(COMMENTS.length * 2 + 1);
    expect(rows[0]).toMatchObject({
      comment: "'=1+1",
      pluginName: "'=step",
      pluginOutput: "'=cmd|out\n",
      pluginPosition: '0',
    });
    expect(rows[1]).toMatchObject({
      comment: "'=1+1",
      pluginName: 'runShellScript',
      pluginOutput: '',
      pluginPosition: '1',
    });
    expect(rows.at(-1)).toMatchObject({ commandId: 'bare', pluginName: '', pluginOutput: '' });
    expect(api.accessRows()[0]).toMatchObject({ outcome: 'complete', rows: rows.length });
    expect(Object.keys((await rowsOf('format=csv&include=plugins'))[0] ?? {})).not.toContain('pluginOutput');
  });

  it('has a header as CSV even if the list is empty', async () => {
    const text = await (await download('format=csv&commandId=nothing')).text();
    expect(text).toMatch(/^accountId,region,commandId,.*,changedAt\r\n$/);
    expect(api.accessRows()[0]).toMatchObject({ rows: 0 });
  });

  it.each(['', '&include=outputs', '&asOf=2026-03-02', '&sort=changedAt', '&status=Success&responseCode=0'])(
    'is returned as NDJSON with the items of all pages, one per line, for any query (%s)',
    async (query) => {
      const items = await api.walk(`/v1/invocations?limit=4${query}`);
      const text = await (await download(`format=ndjson&limit=1${query}`)).text();
      expect(text.endsWith('\n')).toBe(true);
      expect(
        text
          .slice(0, -1)
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual(items);
      expect(api.accessRows()[0]).toMatchObject({
        status: 200,
        outcome: 'complete',
        rows: items.length,
        bytes: Buffer.byteLength(text),
      });
    },
  );

  it('is returned in full as CSV even for a past time', async () => {
    const now = await (await download('format=csv')).text();
    expect(await (await download('format=csv&asOf=2026-03-02')).text()).toBe(now);
    expect(parseCsv(await (await download('format=csv&asOf=2026-02-01')).text())).toHaveLength(1);
  });

  it('is returned in full, however large it is, with the states of one moment', async () => {
    const source = { accountId: '444444444444', region: 'eu-west-1' };
    for (let batch = 0; batch < 6; batch++) {
      await api.record(
        Array.from({ length: 500 }, (_, n) => ({
          CommandId: `many-${batch}`,
          InstanceId: `i-${n}`,
          Comment: 'x'.repeat(300),
        })),
        { source },
      );
    }
    const reply = await download('format=ndjson&account=444444444444');
    await api.record([{ CommandId: 'later' }], { source });
    const lines = (await reply.text()).trim().split('\n');
    expect(new Set(lines.map((line) => JSON.parse(line).commandId + JSON.parse(line).instanceId)).size).toBe(3000);
    expect(lines).toHaveLength(3000);
  });

  it('does not begin as a download if the query is wrong', async () => {
    const reply = await download('format=csv&limit=0', 'text/csv');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(reply.headers.get('content-disposition')).toBeNull();
  });
});
