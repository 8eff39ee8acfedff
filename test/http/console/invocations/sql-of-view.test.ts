import { describe, expect, it } from 'vitest';
import { createSenderRecorder } from '../../../../src/archive/record/record-senders.ts';
import { sqlOfView } from '../../../../src/http/console/invocations/sql-of-view.ts';
import { readView } from '../../../../src/http/console/parts/questions/read-view.ts';
import { FILTER_NAMES, type FilterName } from '../../../../src/questions/filters.ts';
import { rawPlugin } from '../../../archive/raw-invocation.ts';
import { parseCsv } from '../../../lib/parse-csv.ts';
import { apiTrial } from '../../api/api-trial.ts';
import { linkOf } from '../read-page.ts';

const ODD = `it's "odd" -- '; DROP TABLE x; %_`;
const api = apiTrial();
await api.record(
  Array.from({ length: 40 }, (_, n) => ({
    ...{ CommandId: `c-${n}`, InstanceId: `i-${n % 4}`, InstanceName: n % 2 === 0 ? `web-${n}` : `db_${n}` },
    RequestedDateTime: Date.parse('2026-03-01T00:00:00Z') / 1000 + n * 3600,
    ...(n % 3 === 0 && { DocumentName: ODD }),
    ...(n % 10 === 0 && { Comment: `see CHG?1 '${n}'` }),
    ...(n % 5 === 0 && { Status: 'Failed', StatusDetails: n % 2 === 0 ? 'Undeliverable' : 'Failed' }),
    CommandPlugins: [
      rawPlugin({ Output: n % 7 === 0 ? 'no space left' : 'fine', ResponseCode: n % 3 === 0 ? n + 1 : 0 }),
    ].map((step) => (n % 4 === 0 ? { ...step, Name: 'b' } : step)),
  })),
);

const JANE = 'arn:aws:sts::012345678901:assumed-role/Ops/jane';
createSenderRecorder(api.db.sqlite)(
  ['c-3', 'c-5', 'c-9', 'c-99'].map((commandId) => ({
    ...{ accountId: '012345678901', region: 'eu-west-1', commandId, eventId: commandId },
    ...{ eventAt: '2026-03-01T00:00:00.000Z', principalType: 'AssumedRole', principalId: null, sessionIssuerArn: null },
    ...{ principalArn: JANE, invokedBy: null, sourceIpAddress: null, userAgent: null, isMfaAuthenticated: null },
  })),
);

/**
 * Combined filters, and values that are hard to quote. test/questions/asked-everywhere.test.ts tests each filter alone.
 */
const VIEWS: [fields: Partial<Record<FilterName, string>>, count: number][] = [
  [{}, 40],
  [{ account: '012345678901' }, 40],
  [{ region: 'eu-west-1' }, 40],
  [{ commandId: 'c-7' }, 1],
  [{ instanceId: 'i-2' }, 10],
  [{ documentName: ODD }, 14],
  [{ instanceName: 'web-' }, 20],
  [{ instanceName: 'db_1' }, 6],
  [{ status: 'Failed' }, 8],
  [{ status: 'Undeliverable, Success' }, 36],
  [{ requestedAfter: '2026-03-01T10:00:00Z', requestedBefore: '2026-03-02' }, 14],
  [{ changedAfter: '2026-03-01' }, 40],
  [{ comment: 'CHG?1' }, 4],
  [{ sender: JANE }, 3],
  [{ sender: JANE, instanceId: 'i-1' }, 2],
  [{ pluginName: 'b' }, 10],
  [{ responseCode: '!0' }, 14],
  [{ pluginName: 'b', responseCode: '>0' }, 4],
  [{ q: '"no space"' }, 6],
  [{ q: `it's` }, 0],
  [{ account: '012345678901', region: 'eu-west-1', instanceId: 'i-0', status: 'Success', q: 'fine OR space' }, 8],
];

describe('the SQL, the downloads and the links of a view', () => {
  it.each(VIEWS)('select exactly the same invocations as the view: %o', async (fields, count) => {
    const { filter, faults } = readView(
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]])),
      { archive: api.db.sqlite, now: () => new Date(), configured: { accounts: [], regions: [] } },
      { names: FILTER_NAMES },
    );
    expect(faults).toEqual([]);
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql: sqlOfView(filter), limit: 100 }),
    };
    const found = await api.json('/v1/sql', init);
    const rows = Array.isArray(found.rows) ? found.rows : [];
    expect(rows).toHaveLength(count);
    const html = await (await api.app.request(`/invocations?${new URLSearchParams(fields)}`)).text();
    expect(html.match(/<a href="\/invocations\/[^"?]+"/g)?.length ?? 0).toBe(count);
    if (count === 0) return;
    const linked = (name: string) =>
      new RegExp(`href="([^"]+)">${name}<`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await api.list(linked('JSON'))).items).toHaveLength(count);
    const lines = await (await api.app.request(linked('NDJSON'))).text();
    expect(lines.trimEnd().split('\n')).toHaveLength(count);
    // The link to the evidence pack, which has the same filters.
    const evidence = linked('Evidence pack');
    for (const [name, value] of Object.entries(fields))
      expect(new URL(evidence, 'http://x').searchParams.get(name)).toBe(value);
    const sheet = await (await api.app.request(linkOf(html, 'CSV for spreadsheets'))).arrayBuffer();
    const [, ...sheetRows] = parseCsv(Buffer.from(sheet).toString().slice(1));
    const [, ...exactRows] = parseCsv(await (await api.app.request(linkOf(html, 'CSV for programs'))).text());
    expect(sheetRows).toHaveLength(exactRows.length);
    expect(new Set(sheetRows.map(([account]) => account))).toEqual(
      new Set(exactRows.map(([account]) => `="${account}"`)),
    );
  });

  it('find a text with a NUL, which an SQL text cannot contain', async () => {
    await api.record([{ CommandId: 'nul', Comment: 'x', DocumentName: 'a\u0000b' }]);
    const sql = sqlOfView({ documentName: 'a\u0000b' });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sql }) };
    expect((await api.json('/v1/sql', init)).rows).toHaveLength(1);
  });
});
