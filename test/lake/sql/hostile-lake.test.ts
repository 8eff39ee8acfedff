import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FILE_FORMATS } from '../../../src/lib/media-types.ts';
import { hostileServer } from '../../processes/sql/hostile-server.ts';
import { peakOf } from '../../processes/sql/peak-of.ts';
import { childrenOf, commandOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { LAKE_BOMBS, LAKE_COUNT } from './lake-bombs.ts';

const MIB = 1024 * 1024;
/** The data that a process may have beyond what it takes when idle, and the programs of Node and DuckDB. */
const READER_MOST_BYTES = (512 + 384) * MIB;
const SERVER_MOST_BYTES = 400 * MIB;
const TIMEOUT_MS = 400;

vi.setConfig({ testTimeout: 240_000 });
const lake = mkdtempSync(join(tmpdir(), 'ssm-archive-hostile-lake-'));
afterAll(() => rmSync(lake, { recursive: true, force: true }));
const server = hostileServer({ SSM_ARCHIVE_LAKE: lake });

const lakeReaders = () => childrenOf(server.pid).filter((pid) => commandOf(pid).includes('lake-sql-reader'));
const peaks = new Map<number, number>();

/** Asks the lake, while a neighbour goes on to get its answers of the archive's SQL and of the API. */
async function attack(asked: { sql: string; timeoutMs?: number }[], query = '') {
  let isOver = false;
  const attacked = Promise.all(
    asked.map((one, n) => server.ask(`c${n}`, { ...one, engine: 'lake' }, { query })),
  ).finally(() => {
    isOver = true;
  });
  do {
    expect(await server.ask('neighbour', { sql: 'SELECT count(*) FROM leases' })).toMatchObject({ status: 200 });
    const page = await fetch(`${server.url}/v1/invocations?limit=10`, { headers: server.headers('neighbour') });
    expect(page.status).toBe(200);
    await page.text();
    for (const pid of lakeReaders()) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)));
  } while (!isOver);
  return await attacked;
}

/** How much processor time a process has used. */
function timeOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join(' ');
  } catch {
    return 'gone';
  }
}

describe('a hostile query over the lake harms no other caller:', () => {
  it('its first question is answered, once the rows are copied', async () => {
    const answer = await server.ask('a', {
      sql: 'SELECT count(*) > 0 FROM invocations',
      engine: 'lake',
      timeoutMs: 30_000,
    });
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"rows":[[1]]')]);
  });

  it.each(LAKE_BOMBS)('%s', async (_, sql) => {
    const [answer] = await attack([{ sql, timeoutMs: TIMEOUT_MS }]);
    expect([200, 400, 422, 504]).toContain(answer?.status);
    expect(answer?.body).not.toContain(lake);
    expect(answer?.body).not.toContain(server.archive);
  });

  it.each(FILE_FORMATS)('an endless answer in %s breaks off or fails', async (format) => {
    const sql = "SELECT a.range AS n, repeat('x', 1000) AS t FROM range(10000000) a, range(10000000) b";
    const [answer] = await attack([{ sql, timeoutMs: TIMEOUT_MS }], `?format=${format}`);
    expect([answer?.status, answer?.isWhole]).toEqual(answer?.status === 504 ? [504, true] : [200, false]);
  });

  it('fifty endless queries at once end at their deadlines, and no process goes on with one', async () => {
    const answers = await attack(
      Array.from({ length: 50 }, (_, n) => ({ sql: `${LAKE_COUNT} SELECT count(*) + ${n} FROM c`, timeoutMs: 3000 })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
    await until(async () => {
      const before = lakeReaders().map((pid) => [pid, timeOf(pid)]);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return JSON.stringify(lakeReaders().map((pid) => [pid, timeOf(pid)])) === JSON.stringify(before);
    });
    expect(lakeReaders().length).toBeLessThanOrEqual(6);
  });

  it('no process took more memory than it may, and none may write', async () => {
    expect(Math.max(...peaks.values())).toBeLessThan(READER_MOST_BYTES);
    expect(peakOf(server.pid)).toBeLessThan(SERVER_MOST_BYTES);
    for (const pid of lakeReaders()) {
      expect(/^Max file size +0 +0/m.test(readFileSync(`/proc/${pid}/limits`, 'utf8'))).toBe(true);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/AWS_|SSM_ARCHIVE/);
      expect(commandOf(pid)).not.toContain(server.archive);
    }
  });
});
