import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { boundedRecord } from '../../src/access/log/bounded-record.ts';
import { createRefusals, type Refusal } from '../../src/access/log/create-refusals.ts';
import { openAccessDb } from '../../src/access/log/open-access-db.ts';
import { readAccessLog } from '../../src/access/log/read-access-log.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { memoryLog } from '../memory-log.ts';
import { accessTrial, START } from './access-trial.ts';
import { requestRecord } from './record-trial.ts';

const MOST_A_MINUTE = 20;
const MOST_A_DAY = 2000;

const refusal = (facts: Partial<Refusal> = {}): Refusal => ({
  ...{ block: '192.0.2.1', method: 'POST', route: '/login', status: 401, name: null, tokenId: null },
  ...facts,
});

function setUp() {
  const trial = accessTrial();
  const { log, logged } = memoryLog();
  const refusals = createRefusals({ accessDb: trial.accessDb, now: trial.now, log });
  return {
    ...{ ...trial, ...refusals, logged },
    /** Returns the rows, the oldest first. */
    rows: () => readAccessLog(trial.accessDb, { limit: 5000 }).items.reverse(),
    /** Locks the file from another connection. A full disk would have the same effect. */
    block() {
      const sqlite = new SQLite(trial.accessPath);
      sqlite.exec('BEGIN IMMEDIATE');
      onTestFinished(() => {
        sqlite.close();
      });
      return () => sqlite.exec('ROLLBACK');
    },
  };
}

describe('refused attempts', () => {
  it('have one row per minute and address block, with their number, their first and last time, and their routes', () => {
    const { count, write, rows, pass } = setUp();
    for (const route of ['/login', '/v1/sql', '/login']) {
      count(refusal({ route }));
      pass(SECOND_MS);
    }
    count(refusal({ block: '2001:db8:1:2::/64', status: 429 }));
    pass(MINUTE_MS);
    count(refusal());
    write();
    expect(rows()).toMatchObject([
      { ...{ remoteAddress: '192.0.2.1', at: START, lastAt: '2026-03-01T09:30:02.000Z', attempts: 3, status: 401 } },
      { remoteAddress: '2001:db8:1:2::/64', attempts: 1, status: 429, outcome: 'complete' },
      { remoteAddress: '192.0.2.1', at: '2026-03-01T09:31:03.000Z', attempts: 1, outcome: 'open' },
    ]);
    expect(rows()[0]).toMatchObject({ method: 'POST', path: '/login, /v1/sql', outcome: 'complete' });
  });

  it('are in the log from the first attempt on, even if the process ends, and are all counted once the log is closed', () => {
    const { count, accessPath, accessDb } = setUp();
    const read = () => {
      const other = openAccessDb(accessPath);
      const { items } = readAccessLog(other, { limit: 9 });
      other.close();
      return items;
    };
    for (let i = 0; i < 500; i++) count(refusal());
    expect(read()).toMatchObject([{ attempts: 1, outcome: 'open' }]);
    accessDb.close();
    expect(read()).toMatchObject([{ attempts: 500, outcome: 'complete' }]);
  });

  it('are written within seconds, and not written again once their minute has ended', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { count, rows, pass } = setUp();
    const wait = (ms: number) => {
      pass(ms);
      vi.advanceTimersByTime(ms);
    };
    for (let i = 0; i < 9; i++) count(refusal());
    expect(rows()).toMatchObject([{ attempts: 1 }]);
    wait(10 * SECOND_MS);
    expect(rows()).toMatchObject([{ attempts: 9, outcome: 'open' }]);
    for (let i = 0; i < 6; i++) wait(10 * SECOND_MS);
    expect(rows()).toMatchObject([{ attempts: 9, outcome: 'complete' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('have a row of their own if they used a token that has ended, and the row names the token', () => {
    const { count, write, rows } = setUp();
    for (const tokenId of ['ssm_abcdefgh', null, 'ssm_abcdefgh', null, null])
      count(refusal({ name: tokenId && 'gone', tokenId }));
    write();
    expect(rows()).toMatchObject([
      { caller: 'gone', tokenId: 'ssm_abcdefgh', role: null, attempts: 2 },
      { caller: null, tokenId: null, role: null, attempts: 3 },
    ]);
  });

  it('share one row if they come from more address blocks than a minute may have rows', () => {
    const { count, write, rows } = setUp();
    for (let i = 0; i < 500; i++) count(refusal({ block: `192.0.2.${i}`, name: 'gone', tokenId: 'ssm_abcdefgh' }));
    count(refusal({ block: '192.0.2.3', name: 'gone', tokenId: 'ssm_abcdefgh' }));
    write();
    const [last, ...others] = rows().reverse();
    expect(others.map(({ attempts }) => attempts)).toEqual(
      Array.from({ length: MOST_A_MINUTE }, (_, i) => (i === 16 ? 2 : 1)),
    );
    expect(last).toMatchObject({ remoteAddress: 'other addresses', caller: null, tokenId: null, attempts: 480 });
  });

  it('begin only a limited number of rows a day, even after a restart; after that all share one row a minute', () => {
    const { count, accessDb, now, pass, rows, write } = setUp();
    const again = createRefusals({ accessDb, now, log: memoryLog().log });
    let n = 0;
    for (let minute = 0; minute < 110; minute++) {
      for (let i = 0; i < MOST_A_MINUTE; i++) (minute < 50 ? count : again.count)(refusal({ block: `block ${n++}` }));
      pass(MINUTE_MS);
    }
    write();
    again.write();
    const own = rows().filter(({ remoteAddress }) => remoteAddress !== 'other addresses');
    const shared = rows().filter(({ remoteAddress }) => remoteAddress === 'other addresses');
    expect([own.length, shared.length]).toEqual([MOST_A_DAY, 10]);
    expect(shared.map(({ attempts }) => attempts)).toEqual(Array(10).fill(MOST_A_MINUTE));
    pass(15 * 60 * MINUTE_MS);
    again.count(refusal({ block: 'the next day' }));
    expect(rows().at(-1)).toMatchObject({ remoteAddress: 'the next day' });
  });

  it('are counted in memory if they cannot be written, and written once that is possible, with one log line a minute', () => {
    const { count, write, rows, block, pass, logged } = setUp();
    count(refusal());
    const release = block();
    for (let minute = 0; minute < 3; minute++) {
      for (let i = 0; i < 4; i++) count(refusal({ block: `192.0.2.${i}` }));
      write();
      pass(MINUTE_MS);
    }
    expect(logged).toHaveLength(3);
    expect(logged[0]).toMatchObject({ level: 50, err: { code: 'SQLITE_BUSY' } });
    release();
    count(refusal());
    write();
    expect(rows()).toMatchObject([
      { remoteAddress: '192.0.2.1', attempts: 1 },
      { remoteAddress: 'other addresses', attempts: 8, at: START, lastAt: '2026-03-01T09:31:00.000Z' },
      ...[0, 1, 2, 3].map((i) => ({ remoteAddress: `192.0.2.${i}`, attempts: 1, at: '2026-03-01T09:32:00.000Z' })),
      { remoteAddress: '192.0.2.1', attempts: 1, at: '2026-03-01T09:33:00.000Z' },
    ]);
  });

  it('wait for a locked file at most once in ten seconds', () => {
    const { count, block } = setUp();
    block();
    count(refusal());
    const beganMs = performance.now();
    for (let i = 0; i < 19; i++) count(refusal({ block: `192.0.2.${i}` }));
    expect(performance.now() - beganMs).toBeLessThan(400);
  });
});

describe('the text of a request in the access log', () => {
  const long = 'x'.repeat(2_000_000);

  it('is whole if the request can be served, and cut if it is longer, with the length of the missing part', () => {
    const asked = requestRecord({
      path: '/v1/invocations',
      query: `sql=${'x'.repeat(16_000)}`,
      userAgent: 'curl/8.5.0',
    });
    expect(boundedRecord(asked)).toEqual(asked);
    const { path, query, userAgent, sql } = boundedRecord(
      requestRecord({ path: long, query: long, userAgent: long, sql: long }),
    );
    expect([path, query, userAgent, sql].map((text) => text?.replace(/^x+/, ''))).toEqual(
      [2048, 16_384, 1024, 1_000_000].map((kept) => `… [${2_000_000 - kept} more characters]`),
    );
  });

  it('keeps the parameters as valid JSON: for SQL in full, for AWS operations up to the length that valid input can have', () => {
    const params = JSON.stringify({ CommandId: 'é"'.repeat(60_000) });
    const bySql = boundedRecord(requestRecord({ sql: 'SELECT :CommandId', params }));
    expect(bySql.params).toBe(params);
    const byAws = boundedRecord(requestRecord({ params }));
    expect(JSON.parse(byAws.params ?? '')).toEqual({
      cut: params.slice(0, 16_384),
      moreCharacters: params.length - 16_384,
    });
  });

  it('is well-formed even if it was cut within a character', () => {
    const { userAgent } = boundedRecord(requestRecord({ userAgent: `x${'😀'.repeat(1000)}` }));
    expect(userAgent?.isWellFormed()).toBe(true);
  });

  it('has no secret, even if the text was cut within one', () => {
    const token = `ssm_${'a'.repeat(43)}`;
    const { userAgent } = boundedRecord(
      requestRecord({ userAgent: `${'x'.repeat(1000)} ${token} ${'y'.repeat(1000)}` }),
    );
    expect(userAgent).not.toContain('a'.repeat(9));
  });
});
