import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll } from 'vitest';
import { openAccessDb } from '../../../src/access/log/open-access-db.ts';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import { createToken } from '../../../src/access/tokens/create-token.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, REGION } from '../../end-to-end/run-cli.ts';
import { fillArchive } from '../../service/fill-archive.ts';
import { childrenOf, commandOf, sqlReadersOf } from '../../service/processes.ts';
import { until } from '../../until.ts';

export interface Answer {
  /** 0 if the connection ended before any answer. */
  status: number;
  /** The time from the question to the last byte. */
  ms: number;
  body: string;
  /** Whether the answer came to its end. */
  isWhole: boolean;
  headers: IncomingHttpHeaders;
}

export interface Asked {
  sql: string;
  params?: unknown;
  limit?: number;
  timeoutMs?: number;
  engine?: 'lake';
}

/** The built server, in a process of its own, on an archive that nothing else changes. It runs once the tests begin. */
export interface HostileServer {
  readonly url: string;
  readonly pid: number;
  readonly archive: string;
  headers(caller: string): Record<string, string>;
  /** Sends a question by POST, as this caller, on a connection of its own. */
  ask(caller: string, asked: Asked, more?: { query?: string; id?: string }): Promise<Answer>;
  /** Returns how long the server worked on each question that had an id, according to its access log. */
  elapsedMs(): Map<string, number>;
  /** Returns the processes that answer SQL. */
  sqlReaders(): number[];
  /** Returns digests of the archive and its -wal, and the names of files around it, which a query must not change. */
  state(): Record<string, string>;
  /** Returns what the server has logged. */
  log(): string;
}

/** Callers that have a token: neighbour, a, b, and c0 to c99. */
const CALLERS = ['neighbour', 'a', 'b', ...Array.from({ length: 100 }, (_, n) => `c${n}`)];
const ROWS = 20_000;

/** Starts the server before the tests of a file, and ends it after these tests. */
export function hostileServer(env: Record<string, string> = {}): HostileServer {
  const tokens = new Map<string, string>();
  let folder = '';
  let child: ChildProcess | undefined;
  let simulator: Awaited<ReturnType<typeof startSimulator>> | undefined;
  let logged = '';
  let url = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ssm-archive-hostile-'));
    mkdirSync(join(folder, 'tmp'));
    simulator = await startSimulator({ accounts: [{ accountId: ACCOUNT, regions: [REGION] }], invocations: 50 });
    fillArchive(join(folder, 'archive.db'), ROWS);
    const authDb = openAuthDb(join(folder, 'archive-auth.db'));
    for (const name of CALLERS) {
      const { token } = createToken(
        { authDb, now: () => new Date(), random: randomBytes },
        { name, role: 'sql', expiresAt: undefined },
      );
      tokens.set(name, token);
    }
    authDb.close();
    child = spawn(process.execPath, ['dist/cli.js', 'serve'], {
      env: {
        ...{ PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: join(folder, 'tmp'), SSM_ARCHIVE_PORT: '0' },
        ...{ SSM_ARCHIVE_DB: join(folder, 'archive.db'), SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' },
        ...{ AWS_ENDPOINT_URL: simulator.url, AWS_REGION: REGION },
        ...{ AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'secret', ...env },
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      logged += chunk.toString();
    });
    await until(() => {
      url = /"url":"([^"]+)"[^\n]*"msg":"Serving\."/.exec(logged)?.[1] ?? '';
      return url !== '';
    });
    await until(async () => {
      const asked = { sql: "SELECT count(*) FROM runs WHERE outcome = 'complete' AND finished_at IS NOT NULL" };
      return (await server.ask('neighbour', asked)).body.includes('"rows":[[1]]');
    });
    await until(() => !childrenOf(server.pid).some((pid) => commandOf(pid).includes('collector.js')));
  });
  afterAll(async () => {
    const gone = new Promise((resolve) => child?.on('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
    await simulator?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const server: HostileServer = {
    get url() {
      return url;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    get archive() {
      return join(folder, 'archive.db');
    },
    headers: (caller) => ({ authorization: `Bearer ${tokens.get(caller)}`, 'content-type': 'application/json' }),
    ask: (caller, asked, { query = '', id } = {}) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const headers = { ...server.headers(caller), ...(id !== undefined && { 'x-request-id': id }) };
        const asking = request(`${url}/v1/sql${query}`, { method: 'POST', agent: false, headers });
        let hasAnswer = false;
        asking.on('response', (reply) => {
          hasAnswer = true;
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('error', () => {});
          reply.on('close', () => {
            const ms = performance.now() - startedAt;
            const { statusCode: status = 0, complete: isWhole } = reply;
            resolve({ status, ms, isWhole, body: Buffer.concat(chunks).toString(), headers: reply.headers });
          });
        });
        asking.on('error', (error) => {
          // A server that refuses a body answers before it has read the body. The answer may then be lost with the
          // connection. Likewise, an answer that breaks off as it begins may be lost before its headers are out.
          const none = { status: 0, ms: performance.now() - startedAt, isWhole: false, body: '', headers: {} };
          if (!hasAnswer) isLost(error) ? resolve(none) : reject(error);
        });
        asking.end(JSON.stringify(asked));
      }),
    elapsedMs() {
      const db = openAccessDb(join(folder, 'archive-access.db'));
      const { items } = readAccessLog(db, { limit: 5000 });
      db.close();
      return new Map(items.map(({ requestId, elapsedMs }) => [requestId ?? '', elapsedMs ?? 0]));
    },
    sqlReaders: () => sqlReadersOf(server.pid),
    state: () => ({
      archive: digestOf(server.archive),
      wal: digestOf(`${server.archive}-wal`),
      lease: leaseOf(server.archive),
      files: readdirSync(folder).sort().join(' '),
      temporary: readdirSync(join(folder, 'tmp')).join(' '),
      // The temporary files that SQLite would put in these folders.
      spilled: [tmpdir(), '/var/tmp']
        .flatMap((path) => readdirSync(path).filter((name) => /^etilqs_/.test(name)))
        .join(),
    }),
    log: () => logged,
  };
  return server;
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** When the server's own lease ends; the server renews it. */
function leaseOf(archive: string): string {
  const sqlite = new SQLite(archive, { readonly: true });
  try {
    return String(sqlite.prepare("SELECT expires_at FROM leases WHERE name LIKE 'serve:%'").pluck().get());
  } finally {
    sqlite.close();
  }
}

function isLost(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
}
