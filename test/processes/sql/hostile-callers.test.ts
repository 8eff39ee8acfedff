import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { FILE_FORMATS } from '../../../src/lib/media-types.ts';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { zombiesOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { containment } from './expect-contained.ts';
import { hostileServer } from './hostile-server.ts';

const server = hostileServer();
const { contain, askInTime, expectTimes } = containment(server);

const COUNT = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const ENDLESS = `${COUNT} SELECT count(*) FROM c`;
const READERS = 6;

/** A client that asks and never reads the answer. */
function askAndIgnore(caller: string, sql: string, query = ''): { leave(): void } {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const body = JSON.stringify({ sql });
  const headers = Object.entries({ ...server.headers(caller), host: hostname, 'content-length': body.length });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST /v1/sql${query} HTTP/1.1\r\n${head}\r\n${body}`);
  socket.pause();
  return { leave: () => socket.destroy() };
}

const MIB = 1024 * 1024;

/** Returns the size of the process's data, as the limit RLIMIT_DATA counts it. */
function dataOf(pid: number): number {
  return 1024 * Number(/VmData:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Returns the system's limits of a process, soft and hard, by name. */
function limitsOf(pid: number): Record<string, string[]> {
  const lines = readFileSync(`/proc/${pid}/limits`, 'utf8').split('\n').slice(1, -1);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, 26).trim(), line.slice(26).trim().split(/\s+/).slice(0, 2)]),
  );
}

describe('a process that answers SQL', () => {
  it('has limits of the operating system, which it cannot raise', () => {
    const [pid = 0] = server.sqlReaders();
    const limits = limitsOf(pid);
    const most = Number(limits['Max data size']?.[0]);
    // The memory that the process may take in addition to its present memory. The process has answered little so far.
    // So its present memory is about that of an idle process, by which the limit was set.
    const beyond = most - dataOf(pid);
    expect(beyond).toBeGreaterThan(512 * MIB - 64 * MIB);
    expect(beyond).toBeLessThan(512 * MIB + 64 * MIB);
    expect(limits).toMatchObject({
      'Max data size': [String(most), String(most)],
      'Max file size': ['0', '0'],
      'Max core file size': ['0', '0'],
      'Max cpu time': ['4800', '4800'],
    });
  });

  it('has no environment variable of the server, and no open file except the archive', () => {
    const [pid = 0] = server.sqlReaders();
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/AWS|SSM_ARCHIVE|HOME|PATH=/);
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const others = open.filter((path) => !path.startsWith(server.archive));
    expect(others.filter((path) => !/^(\/dev\/null|(socket|pipe|anon_inode):.*)$/.test(path))).toEqual([]);
    expect(new Set(open.filter((path) => path.startsWith(server.archive)))).toEqual(
      new Set(['', '-wal', '-shm'].map((suffix) => server.archive + suffix)),
    );
  });
});

describe('a caller', () => {
  it('is answered at the deadline even if a hundred others ask endless queries at the same time', async () => {
    const asked = Array.from({ length: 100 }, (_, n) => ({ caller: `c${n}`, sql: `${ENDLESS} WHERE n <> ${n}` }));
    const answers = await contain(() =>
      Promise.all(asked.map(({ caller, sql }) => askInTime(caller, { sql, timeoutMs: 3000 }))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
  });

  it('is answered even if a hundred others ask short queries at the same time', async () => {
    const answers = await contain(() =>
      Promise.all(Array.from({ length: 100 }, (_, n) => server.ask(`c${n}`, { sql: `SELECT ${n}` }))),
    );
    answers.forEach(({ status, body }, n) => {
      expect([status, body]).toEqual([200, expect.stringContaining(`"rows":[[${n}]]`)]);
    });
  });

  it('is told to retry later if it has too many queries waiting; a query of a megabyte counts as several', async () => {
    const text = 'x'.repeat(900_000);
    const ask = (n: number) => server.ask('a', { sql: `${ENDLESS} -- ${n} ${text}`, timeoutMs: 6000 });
    const answers = await contain(() => Promise.all(Array.from({ length: 30 }, (_, n) => ask(n))));
    expect(
      answers
        .map(({ status, body }) => [status, body.slice(0, 200)])
        .filter(([status]) => status !== 429 && status !== 504),
    ).toEqual([]);
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('1');
  });

  it('is refused before its body is read if it sends ten megabytes', async () => {
    const { status } = await contain(() => server.ask('a', { sql: `SELECT '${'x'.repeat(10_000_000)}'` }));
    expect([413, 0]).toContain(status);
    const link = `${server.url}/v1/sql?sql=${'x'.repeat(100_000)}`;
    expect((await fetch(link, { headers: server.headers('a') })).status).toBe(431);
  });

  it('does not get a longer deadline with HEAD', async () => {
    const link = `/v1/sql?${new URLSearchParams({ sql: ENDLESS, timeoutMs: '300' })}`;
    const init = { method: 'HEAD', headers: server.headers('a') };
    expect((await contain(() => fetch(server.url + link, init))).status).toBe(504);
  });
});

describe('a client that goes away', () => {
  it.each([
    ['in the middle of a query', ENDLESS, ''],
    ['in the middle of a stream', `${COUNT} SELECT n FROM c`, '?format=ndjson'],
    ['in the middle of a file of columns', `${COUNT} SELECT n FROM c`, '?format=parquet'],
    ['in the middle of a large answer', "SELECT printf('%.*c', 15000000, 'x')", ''],
  ])('%s frees the process', async (_, sql, query) => {
    await until(() => server.sqlReaders().length === READERS);
    const before = server.sqlReaders();
    await contain(async () => {
      const { leave } = askAndIgnore('a', sql, query);
      await sleep(1000);
      leave();
      await until(() => before.some((pid) => !isAlive(pid)));
      await until(() => server.sqlReaders().length === READERS);
    });
  });

  it('leaves no running query behind, even if a hundred clients go away at once', async () => {
    await contain(async () => {
      const clients = Array.from({ length: 100 }, (_, n) => askAndIgnore(`c${n}`, `${ENDLESS} WHERE n <> ${n}`));
      await sleep(500);
      for (const { leave } of clients) leave();
    });
    expect((await server.ask('a', { sql: 'SELECT 1' })).status).toBe(200);
  });

  it.each(FILE_FORMATS)(
    'does not take up memory if it asks for an endless file and reads nothing, as %s',
    async (format) => {
      await contain(async () => {
        const sql = `${COUNT} SELECT n, printf('%.*c', 5000, char(97 + n % 20)) AS t FROM c`;
        const clients = Array.from({ length: 10 }, (_, n) =>
          askAndIgnore(`c${n}`, `${sql} -- ${n}`, `?format=${format}`),
        );
        await sleep(3000);
        for (const { leave } of clients) leave();
        await until(() => server.sqlReaders().length === READERS);
      });
    },
  );

  it('does not take up the server’s memory if it stays connected and reads nothing', async () => {
    await contain(async () => {
      const sql = "SELECT printf('%.*c', 15000000, 'x')";
      const clients = Array.from({ length: 40 }, (_, n) => askAndIgnore(`c${n}`, `${sql} -- ${n}`));
      await sleep(3000);
      for (const { leave } of clients) leave();
    });
  });
});

describe('after all attacks', () => {
  expectTimes();

  it('no extra process is left, neither running nor as a zombie', async () => {
    await until(() => server.sqlReaders().length === READERS);
    await until(() => zombiesOf(server.pid).length === 0);
    expect(server.sqlReaders()).toHaveLength(READERS);
  });

  it('no lock is left on the -wal: the -wal can be emptied, and a new process then reads the archive', async () => {
    const { sqlite, close } = openArchive(server.archive);
    expect(sqlite.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
    close();
    for (const pid of server.sqlReaders()) process.kill(pid, 'SIGKILL');
    const asked = { sql: 'SELECT count(*) FROM invocations' };
    await until(async () => (await server.ask('a', asked)).status === 200);
    expect((await server.ask('b', asked)).body).toMatch(/"rows":\[\[200\d\d\]\]/);
  });
});
