import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRecorder } from '../../src/access/log/create-recorder.ts';
import type { AccessDb } from '../../src/access/log/open-access-db.ts';
import { type AccessLogQuery, readAccessLog } from '../../src/access/log/read-access-log.ts';
import { endRequest, type RequestRecord, recordRequest } from '../../src/access/log/record-request.ts';
import { withoutSecrets } from '../../src/access/log/without-secrets.ts';
import { plansOf } from '../db/plans-of.ts';
import { accessTrial } from './access-trial.ts';
import { requestRecord as record } from './record-trial.ts';

/** Reads all pages, each with at most that many rows. */
function readWhole(accessDb: AccessDb, query: Omit<AccessLogQuery, 'limit' | 'after'>, limit: number, most?: number) {
  const pages: number[][] = [];
  let after: AccessLogQuery['after'];
  do {
    const page = readAccessLog(accessDb, { ...query, limit, after }, most);
    pages.push(page.items.map(({ id }) => id));
    after = page.next;
  } while (after);
  return pages;
}

describe('the access log', () => {
  it('returns all requests that were recorded', () => {
    const { accessDb } = accessTrial();
    const full = record({ bytes: 123, outcome: 'aborted' });
    const bare = record({ requestId: null, caller: null, tokenId: null, role: null, rows: null, userAgent: null });
    const ids = [full, bare].map((each) => recordRequest(accessDb, each));
    expect(readAccessLog(accessDb, { limit: 10 })).toEqual({
      items: [
        { id: ids[1], ...bare },
        { id: ids[0], ...full },
      ],
      next: undefined,
    });
  });

  it('allows an open row to be ended once, and refuses every other change', () => {
    const { accessDb } = accessTrial();
    const id = recordRequest(accessDb, record({ outcome: 'open', rows: null }));
    const end = { outcome: 'aborted', rows: 7, bytes: 700, elapsedMs: 70 } as const;
    endRequest(accessDb, id, end);
    expect(readAccessLog(accessDb, { limit: 1 }).items).toEqual([{ id, ...record(end) }]);
    expect(() => endRequest(accessDb, id, { ...end, rows: 0 })).toThrow('a row of the access log is never changed');
    expect(readAccessLog(accessDb, { limit: 1 }).items).toMatchObject([{ rows: 7 }]);
  });

  it('commits either all requests of one turn of the event loop together, in order, or none of them', async () => {
    const { accessDb, accessPath } = accessTrial();
    const { record: add } = createRecorder(accessDb);
    const three = () => [1, 2, 3].map((rows) => add(record({ rows })));
    expect(await Promise.all(three())).toEqual([1, 2, 3]);
    expect(readAccessLog(accessDb, { limit: 9 }).items.map(({ rows }) => rows)).toEqual([3, 2, 1]);
    const other = new SQLite(accessPath);
    onTestFinished(() => {
      other.close();
    });
    other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON requests WHEN NEW.rows = 3 BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    expect((await Promise.allSettled(three())).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    other.exec('DROP TRIGGER full');
    expect(await Promise.all(three())).toHaveLength(3);
    expect(readAccessLog(accessDb, { limit: 9 }).items).toHaveLength(6);
  });

  it('is filtered by caller, time, path and status, in any combination', () => {
    const { accessDb } = accessTrial();
    const all: (RequestRecord & { id: number })[] = [];
    for (let i = 0; i < 240; i++) {
      const facts = record({
        at: `2026-03-0${1 + (i % 4)}T09:30:00.000Z`,
        caller: ['ann', 'bob', null][i % 3] ?? null,
        path: i % 5 === 0 ? '/v1/stats' : '/v1/invocations/1/a_b%25',
        status: i % 7 === 0 ? 400 : 200,
      });
      all.push({ id: recordRequest(accessDb, facts), ...facts });
    }
    const newestFirst = all.sort((a, b) => (a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1));
    const from = '2026-03-02T09:30:00.000Z';
    const to = '2026-03-04T09:30:00.000Z';
    let combinations = 0;
    for (const caller of [undefined, 'ann', 'nobody'])
      for (const span of [{}, { from }, { to }, { from, to }])
        for (const pathContains of [undefined, 'stats', 'a_b%', 'aXb'])
          for (const status of [undefined, 400]) {
            const query = { caller, ...span, pathContains, status };
            const expected = newestFirst
              .filter((row) => caller === undefined || row.caller === caller)
              .filter((row) => !('from' in span) || row.at >= from)
              .filter((row) => !('to' in span) || row.at < to)
              .filter((row) => pathContains === undefined || row.path.includes(pathContains))
              .filter((row) => status === undefined || row.status === status)
              .map(({ id }) => id);
            for (const limit of [7, 1000])
              expect(readWhole(accessDb, query, limit).flat(), JSON.stringify(query)).toEqual(expected);
            combinations++;
          }
    expect(combinations).toBe(96);
  });

  it('checks a limited number of rows for a page, which may then be short without being the last', () => {
    const { accessDb } = accessTrial();
    for (let i = 0; i < 25; i++) recordRequest(accessDb, record({ status: i === 3 || i === 20 ? 500 : 200 }));
    expect(readWhole(accessDb, { status: 500 }, 10, 10)).toEqual([[21], [], [4]]);
    expect(readWhole(accessDb, {}, 10, 10).map((page) => page.length)).toEqual([10, 10, 5]);
  });

  it('neither skips nor repeats a row while rows arrive between pages', () => {
    const { accessDb } = accessTrial();
    const add = () => recordRequest(accessDb, record());
    const before = Array.from({ length: 10 }, add).reverse();
    const seen: number[] = [];
    let after: AccessLogQuery['after'];
    do {
      const page = readAccessLog(accessDb, { limit: 3, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
      add();
    } while (after);
    expect(seen).toEqual(before);
  });

  it('finds a page by caller and time through an index', () => {
    const { accessDb } = accessTrial();
    const to = '2026-03-02';
    const plans = (query: Omit<AccessLogQuery, 'limit'>) =>
      plansOf(accessDb, (watched) => readAccessLog(watched, { limit: 50, ...query }));
    expect(plans({ to })).toEqual(['SEARCH requests USING INDEX requests_at (at<?)']);
    const beyond = { from: '2026-03-01', after: { at: to, id: 7 } };
    const parts = ['at=? AND rowid<?', 'at>? AND at<?'];
    expect(plans(beyond)).toEqual(parts.map((by) => `SEARCH requests USING INDEX requests_at (${by})`));
    expect(plans({ ...beyond, caller: 'a' })).toEqual(
      parts.map((by) => `SEARCH requests USING INDEX requests_caller (caller=? AND ${by})`),
    );
  });

  it('has exactly the columns that docs/access.md describes, in the same order', () => {
    const { accessDb } = accessTrial();
    const columns = accessDb.prepare<[], { name: string }>("SELECT name FROM pragma_table_info('requests')").all();
    const told = [...readFileSync('docs/access.md', 'utf8').matchAll(/^\| `(\w+)` \| (?!ask|that)/gm)].map(
      ([, name]) => name,
    );
    expect(told).toEqual(columns.map(({ name }) => name));
  });

  it('is stored in its own files, apart from the archive', () => {
    const { accessDb, folder } = accessTrial();
    recordRequest(accessDb, record({ userAgent: 'a-rare-agent' }));
    const bytes = readdirSync(folder)
      .filter((name) => name.startsWith('access.db'))
      .map((name) => readFileSync(join(folder, name)));
    expect(Buffer.concat(bytes).includes('a-rare-agent')).toBe(true);
  });
});

describe('a text from which secrets were removed', () => {
  const secret = 'abcdefgh0123456789-_ABCDEFGHIJKLMNOPQRSTUVW';

  it.each([
    [`token=ssm_${secret}&x=1`, 'token=ssm_abcdefgh[redacted]&x=1'],
    [`/v1/ssm_${secret}/ssms_${secret}`, '/v1/ssm_abcdefgh[redacted]/ssms_abcdefgh[redacted]'],
    ['documentName=AWS-RunPatchBaseline&q=ssm_agent', 'documentName=AWS-RunPatchBaseline&q=ssm_agent'],
    ['', ''],
  ])('keeps the ids of secrets, and everything that is not a secret: %s', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });
});
