import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boundAccessLog, letDaysGo } from '../../../src/access/log/bound-access-log.ts';
import { type AccessDb, openAccessDb } from '../../../src/access/log/open-access-db.ts';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { recordRequest } from '../../../src/access/log/record-request.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { until } from '../../until.ts';
import { requestRecord } from '../record-trial.ts';

const MEBIBYTE = 1_048_576;
const NOW = '2026-03-31T12:00:00.000Z';
const LARGE = { days: 36_500, bytes: 1024 * MEBIBYTE };

interface RemovalRow {
  day: string;
  reason: string;
  rows: number;
  first_at: string;
  last_at: string;
  begun_at: string;
  ended_at: string | null;
}

function setUp(path = join(tempFolder(), 'access.db')) {
  const accessDb = openAccessDb(path);
  onTestFinished(() => accessDb.close());
  const { log, logged } = memoryLog();
  let nowMs = Date.parse(NOW);
  const deps = { accessDb, log, now: () => new Date(nowMs) };
  /** Writes rows for a day `daysAgo` days ago, each with SQL of the given length. */
  const fill = (daysAgo: number, rows: number, sqlCharacters = 0) => {
    const sql = sqlCharacters === 0 ? null : 'x'.repeat(sqlCharacters);
    accessDb.write(() => {
      for (let i = 0; i < rows; i++)
        recordRequest(accessDb, requestRecord({ at: new Date(nowMs - daysAgo * DAY_MS + i).toISOString(), sql }));
    });
  };
  return {
    ...{ path, accessDb, logged, fill, deps },
    letGo: (bounds: Partial<typeof LARGE>, signal?: AbortSignal) =>
      letDaysGo({ ...deps, signal }, { ...LARGE, ...bounds }, { isAgeDue: true }),
    pass(ms: number) {
      nowMs += ms;
    },
    removals: () => accessDb.prepare<[], RemovalRow>('SELECT * FROM removals ORDER BY id').all(),
  };
}

/** Returns how many rows each day has, the earliest day first. Rows about removed days are not counted. */
function days(accessDb: AccessDb): [string, number][] {
  return accessDb
    .prepare<[], { day: string; n: number }>(
      "SELECT substr(at, 1, 10) AS day, count(*) AS n FROM requests WHERE method <> 'REMOVE' GROUP BY day ORDER BY day",
    )
    .all()
    .map(({ day, n }) => [day, n]);
}

function usedBytes(accessDb: AccessDb): number {
  const used = accessDb
    .prepare<[], { bytes: number }>(
      'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    )
    .get();
  return used?.bytes ?? 0;
}

describe('the access log', () => {
  it('removes days that are too old, one at a time, and reports each in a new row, in a table of removals and in the server’s log', async () => {
    const { accessDb, fill, letGo, removals, logged } = setUp();
    for (const daysAgo of [12, 11, 10, 9]) fill(daysAgo, 700);
    await letGo({ days: 10 });
    expect(days(accessDb)).toEqual([
      ['2026-03-20', 700],
      ['2026-03-21', 700],
      ['2026-03-22', 700],
    ]);
    const span = { firstAt: '2026-03-19T12:00:00.000Z', lastAt: '2026-03-19T12:00:00.699Z' };
    const removal = { day: '2026-03-19', reason: 'age', rows: 700 };
    expect(removals()).toEqual([
      {
        ...{ id: 1, ...removal, first_at: span.firstAt, last_at: span.lastAt },
        ...{ begun_at: NOW, ended_at: NOW },
      },
    ]);
    const [newest] = readAccessLog(accessDb, { limit: 1 }).items;
    expect(newest).toMatchObject({ at: NOW, method: 'REMOVE', path: 'access.db', rows: 700, caller: null, role: null });
    expect(newest).toMatchObject({
      query: 'day=2026-03-19&reason=age',
      params: JSON.stringify({ ...removal, ...span }),
    });
    expect(logged).toMatchObject([{ level: 30, ...removal, msg: 'A day was removed from the access log.' }]);
    await letGo({ days: 10 });
    await letGo({ days: 10 });
    expect(days(accessDb).map(([day]) => day)).toEqual(['2026-03-21', '2026-03-22']);
  });

  it('removes as many days as make it small enough, the oldest first, and none of the last seven', async () => {
    const { accessDb, fill, letGo, removals } = setUp();
    for (let daysAgo = 12; daysAgo >= 0; daysAgo--) fill(daysAgo, 100, 10_000);
    expect(usedBytes(accessDb)).toBeGreaterThan(12 * MEBIBYTE);
    expect(await letGo({ bytes: 12 * MEBIBYTE })).toEqual({ isFull: false });
    expect(removals().map(({ day, reason, rows }) => [day, reason, rows])).toEqual([
      ['2026-03-19', 'size', 100],
      ['2026-03-20', 'size', 100],
      ['2026-03-21', 'size', 100],
    ]);
    expect(usedBytes(accessDb)).toBeLessThan(0.9 * 12 * MEBIBYTE);
    expect(await letGo({ bytes: 5 * MEBIBYTE })).toEqual({ isFull: true });
    expect(days(accessDb).map(([day]) => day)).toEqual(
      ['24', '25', '26', '27', '28', '29', '30', '31'].map((day) => `2026-03-${day}`),
    );
  });

  it('finishes the removal of a day that was half removed when the process ended', async () => {
    const { accessDb, fill, letGo, removals, path } = setUp();
    fill(12, 1000);
    fill(9, 1);
    const ended = new AbortController();
    const first = letGo({ days: 10 }, ended.signal);
    ended.abort();
    await first;
    expect(removals()).toMatchObject([{ day: '2026-03-19', rows: 200, ended_at: null }]);
    expect(days(accessDb)).toEqual([
      ['2026-03-19', 800],
      ['2026-03-22', 1],
    ]);
    accessDb.close();
    const next = setUp(path);
    // The removal continues although the new limits do not require it.
    await next.letGo({});
    expect(next.removals()).toMatchObject([{ day: '2026-03-19', rows: 1000, ended_at: NOW }]);
    expect(days(next.accessDb)).toEqual([['2026-03-22', 1]]);
  });

  it('finishes a removal even if rows of an older day arrive during it, as when a clock is set back', async () => {
    const { accessDb, fill, letGo, removals } = setUp();
    fill(12, 1000);
    const ended = new AbortController();
    const first = letGo({ days: 10 }, ended.signal);
    ended.abort();
    await first;
    fill(4000, 3);
    await letGo({ days: 10 });
    await letGo({ days: 10 });
    await letGo({ days: 10 });
    expect(removals().map(({ day, rows }) => [day, rows])).toEqual([
      ['2026-03-19', 200],
      ['2015-04-18', 3],
      ['2026-03-19', 800],
    ]);
    expect(days(accessDb)).toEqual([]);
  });

  it('lets the server answer between the parts of a removal', async () => {
    const { accessDb, fill, letGo } = setUp();
    fill(12, 3000);
    let isDone = false;
    const going = letGo({ days: 10 }).then(() => {
      isDone = true;
    });
    let turns = 0;
    while (!isDone) {
      recordRequest(accessDb, requestRecord({ at: NOW }));
      turns++;
      await setImmediate();
    }
    await going;
    expect(turns).toBeGreaterThan(15);
    expect(days(accessDb)).toEqual([['2026-03-31', turns]]);
  });

  it('refuses all other deletions: of newer rows, of a part of a day outside a removal, and of the record of removals', async () => {
    const { accessDb, fill, letGo } = setUp();
    fill(12, 2);
    fill(11, 2);
    const wayOut = 'rows leave the access log by whole days, the oldest first, and removals says so';
    expect(() => accessDb.exec('DELETE FROM requests')).toThrow(wayOut);
    accessDb.exec("INSERT INTO removals (day, reason, begun_at) VALUES ('2026-03-20', 'age', 'now')");
    expect(() => accessDb.exec('DELETE FROM requests WHERE id = 3')).toThrow(wayOut);
    expect(() => accessDb.exec('DELETE FROM requests WHERE id = 1')).toThrow(wayOut);
    await letGo({ days: 11 });
    await letGo({ days: 11 });
    expect(() => accessDb.exec('DELETE FROM requests WHERE id = 3')).toThrow(wayOut);
    expect(() => accessDb.exec('DELETE FROM removals')).toThrow('is never forgotten');
    expect(() => accessDb.exec('UPDATE removals SET rows = 0')).toThrow('is never changed');
    expect(days(accessDb)).toEqual([['2026-03-20', 2]]);
  });

  it('refuses a row that would make its file too large, and accepts rows again once a day was removed', async () => {
    const { accessDb, fill, letGo, deps, path } = setUp();
    const bytes = 2 * MEBIBYTE;
    const bound = boundAccessLog(deps, { ...LARGE, bytes });
    await bound.close();
    expect(() => fill(0, 1000, 10_000)).toThrow('database or disk is full');
    for (let i = 0; i < 500; i++) {
      try {
        fill(20, 1, 10_000);
      } catch (error) {
        expect(error).toMatchObject({ code: 'SQLITE_FULL' });
      }
    }
    expect(() => fill(0, 1, 10_000)).toThrow('database or disk is full');
    expect(await letGo({ bytes })).toEqual({ isFull: false });
    fill(0, 1, 10_000);
    expect(days(accessDb)).toEqual([['2026-03-31', 1]]);
    accessDb.close();
    expect(statSync(path).size).toBeLessThan(bytes + MEBIBYTE);
  });

  it('gives back the space that a removal frees, and keeps some for new rows', async () => {
    const { accessDb, fill, letGo, path } = setUp();
    fill(20, 1000, 10_000);
    fill(0, 300, 10_000);
    await letGo({ days: 10 });
    accessDb.close();
    expect(statSync(path).size).toBeLessThan(6 * MEBIBYTE);
  });

  it('has its size checked regularly while the server runs, with one warning while it is nearly full', async () => {
    const { accessDb, fill, deps, logged } = setUp();
    fill(12, 500);
    fill(0, 200, 10_000);
    const bound = boundAccessLog(deps, { days: 10, bytes: 2 * MEBIBYTE });
    await until(() => logged.length > 1);
    await bound.close();
    expect(days(accessDb)).toEqual([['2026-03-31', 200]]);
    expect(logged).toMatchObject([
      { level: 30, day: '2026-03-19', rows: 500 },
      { level: 40, msg: expect.stringContaining('Raise SSM_ARCHIVE_ACCESS_LOG_BYTES') },
    ]);
  });
});

/** The tables as the first releases made them. */
const VERSION_2 = `
  CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    request_id TEXT,
    caller TEXT,
    token_id TEXT,
    role TEXT,
    remote_address TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'complete', 'aborted', 'failed')),
    rows INTEGER,
    bytes INTEGER,
    elapsed_ms INTEGER NOT NULL,
    user_agent TEXT
  ) STRICT;
  CREATE INDEX requests_at ON requests (at);
  CREATE INDEX requests_caller ON requests (caller, at);
  CREATE TRIGGER requests_are_final BEFORE UPDATE ON requests WHEN OLD.outcome <> 'open'
  BEGIN SELECT RAISE(ABORT, 'a row of the access log is never changed'); END;
  ALTER TABLE requests ADD COLUMN sql TEXT;
  ALTER TABLE requests ADD COLUMN params TEXT;
  PRAGMA application_id = ${0x73736d4c};
  PRAGMA user_version = 2;`;

describe('an access log of an earlier version', () => {
  it('keeps its rows when it is opened, grows, removes days, and reuses the empty space in its file', async () => {
    const path = join(tempFolder(), 'access.db');
    const old = new SQLite(path);
    old.exec(VERSION_2);
    const insert = old.prepare(
      `INSERT INTO requests (at, caller, remote_address, method, path, query, status, outcome, elapsed_ms, params)
       VALUES (?, ?, '192.0.2.1', 'POST', '/', 'ListCommands', 400, 'complete', 1, ?)`,
    );
    // An earlier version recorded a stranger's request in this way. Such rows stay as they are until their day is
    // removed.
    for (let i = 0; i < 50; i++) insert.run('2026-03-19T12:00:00.000Z', null, 'x'.repeat(250_000));
    insert.run('2026-03-30T12:00:00.000Z', 'auditor', null);
    old.close();
    const size = statSync(path).size;
    const { accessDb, fill, letGo, deps } = setUp(path);
    expect(readAccessLog(accessDb, { limit: 100, caller: 'auditor' }).items).toMatchObject([
      { at: '2026-03-30T12:00:00.000Z', caller: 'auditor', attempts: null, lastAt: null },
    ]);
    await letGo({ days: 10 });
    expect(days(accessDb)).toEqual([['2026-03-30', 1]]);
    // The file is larger than allowed, so it must not grow: new rows use its empty pages.
    await boundAccessLog(deps, { ...LARGE, bytes: MEBIBYTE }).close();
    fill(0, 500, 10_000);
    accessDb.close();
    expect(statSync(path).size).toBeLessThanOrEqual(size + MEBIBYTE);
  });
});
