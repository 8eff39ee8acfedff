import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import { openAccessDb } from '../../../src/access/log/open-access-db.ts';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import type { Role } from '../../../src/access/roles.ts';
import { createToken } from '../../../src/access/tokens/create-token.ts';
import { makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { issueCertificate } from '../../../src/archive/coverage/certificate/issue-certificate.ts';
import type { Fetching } from '../../../src/archive/outputs/say-unfetched.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { type ArchiveDb, openArchive, openArchiveReadOnly } from '../../../src/db/open.ts';
import { createApp } from '../../../src/http/app.ts';
import { createArchiveHistory } from '../../../src/http/aws-archive/create-archive-history.ts';
import { describeViews } from '../../../src/lake/sql/describe-views.ts';
import type { Passes } from '../../../src/model/coverage/passes.ts';
import { createEvidenceMaker } from '../../../src/processes/evidence/make-evidence-apart.ts';
import { createReaderPool } from '../../../src/processes/pool/create-reader-pool.ts';
import { createLakeSql } from '../../../src/processes/sql/create-lake-sql.ts';
import { createSqlPool } from '../../../src/processes/sql/create-sql-pool.ts';
import type { Report, ReportDelivery } from '../../../src/questions/reports/report.ts';
import { NOW_MS } from '../../archive/archive-with-passes.ts';
import { type Members, OBSERVED_AT, page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { builtProgram } from '../../built-program.ts';
import { unmovedFile } from '../../db/unmoved-file.ts';
import { memoryLog } from '../../memory-log.ts';
import { conformance } from './conformance.ts';

/** A page of any list. */
const listed = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().optional() });
export type Listed = z.output<typeof listed>;

const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  errors: z
    .array(
      z.strictObject({
        field: z.string().min(1),
        message: z.string().min(1),
        position: z.strictObject({ offset: z.int(), line: z.int(), column: z.int() }).optional(),
      }),
    )
    .optional(),
  neverSeen: z.array(z.strictObject({ filter: z.string(), value: z.string(), near: z.array(z.string()) })).optional(),
  plan: z.array(z.string()).optional(),
});
export type ProblemReply = z.output<typeof problem>;

const NO_PASSES: Passes = {
  start: () => {
    throw new Error('This test starts no passes.');
  },
  get: () => undefined,
  follow: () => () => {},
};

interface TrialOptions {
  /** Whether replies are checked against the OpenAPI document. If they are, no routes can be added to the app later. */
  isRead?: boolean;
  corsOrigins?: string[];
  publicHosts?: string[];
  isProxyTrusted?: boolean;
  passes?: Passes;
  /** How the configuration says that full outputs are fetched. */
  fullOutputs?: Fetching;
  /** The reports and schedules that archive.yaml would define. */
  reports?: readonly Report[];
  deliveries?: readonly ReportDelivery[];
  /** The folder with the sealed days. */
  lake?: string;
}

/**
 * Starts the real app on a real archive of its own, read by real processes. Call it at the top of a file: everything
 * ends with that file's tests. Every reply is checked against the OpenAPI document, unless `isRead` is false.
 */
export function apiTrial({ isRead = true, ...options }: TrialOptions = {}) {
  const {
    corsOrigins = [],
    publicHosts = [],
    isProxyTrusted = false,
    passes = NO_PASSES,
    reports: configured = [],
    deliveries = [],
    fullOutputs,
    lake,
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-api-'));
  const db: ArchiveDb = openArchive(join(folder, 'archive.db'));
  const archive = openArchiveReadOnly(join(folder, 'archive.db'));
  const authDb = openAuthDb(join(folder, 'auth.db'));
  const accessDb = openAccessDb(join(folder, 'access.db'));
  const { log, logged } = memoryLog();
  const readers = createReaderPool({
    ...{
      archivePath: join(folder, 'archive.db'),
      readers: 2,
      longAtOnce: 1,
      readsPerCaller: 2,
      waitingPerCaller: 32,
      waitingInAll: 64,
    },
    program: {
      ...builtProgram('reader'),
      lake: lake === undefined ? undefined : { location: lake, cacheFolder: '', cacheBytes: 0, env: {} },
    },
    log,
  });
  const pool = createSqlPool({
    ...{ archivePath: join(folder, 'archive.db'), readers: 4, memoryBytes: 536_870_912, longestMs: 60_000, log },
    program: builtProgram('sql-reader'),
  });
  const lakeSql =
    lake === undefined
      ? undefined
      : createLakeSql({
          ...{ archivePath: join(folder, 'archive.db'), readers: 4, memoryBytes: 536_870_912, longestMs: 60_000, log },
          describe: describeViews,
          programs: {
            sql: builtProgram('lake-sql-reader'),
            copier: {
              ...builtProgram('lake-copier'),
              lake: { location: lake, cacheFolder: join(folder, 'lake-cache'), cacheBytes: 1e9, env: {} },
            },
          },
        });
  const sql = {
    pool,
    lake: lakeSql,
    deadlineMs: 10_000,
    memoryBytes: 536_870_912,
    maxRows: 10_000,
    maxBytes: 1_048_576,
  };
  afterAll(async () => {
    await readers.close();
    await pool.close();
    await lakeSql?.close();
    for (const opened of [archive, db, authDb, accessDb]) opened.close();
    rmSync(folder, { recursive: true });
  });
  const reports = { configured, reportsFile: join(folder, 'reports.yaml'), deliveries };
  let nowMs = NOW_MS;
  const now = () => new Date(nowMs);
  const random = randomBytes;
  const keys = { keyPath: join(folder, 'ledger.key'), random };
  const deadlines = {
    settlingMs: 900_000,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 30_000,
    exportDeadlineMs: 60_000,
  };
  const makeEvidence = createEvidenceMaker({
    ...{
      archivePath: join(folder, 'archive.db'),
      keyPath: keys.keyPath,
      authDb: join(folder, 'auth.db'),
      settlingMs: deadlines.settlingMs,
      configured: deadlines.configured,
    },
    file: unmovedFile(join(folder, 'archive.db')),
    program: builtProgram('evidence-maker'),
  });
  const history = createArchiveHistory({ archive, readers, now, ...deadlines });
  const app = createApp({
    ...{ log, now, random, newId: randomUUID, authDb, accessDb, passes, corsOrigins, publicHosts },
    api: {
      ...{ archive: archive.sqlite, readers, sql, reports, now, makeEvidence, fullOutputs, ...deadlines },
      issueCertificate: async (certified) => issueCertificate(db.sqlite, certified, { ...keys, now }),
    },
    aws: { history, accounts: () => [] },
    ...{ host: '127.0.0.1', isProxyTrusted, isInsecureAllowed: false },
    unreadiness: () => undefined,
    signal: new AbortController().signal,
  });
  const assertConforms = isRead ? conformance(app) : async () => {};
  const recordReply = createSingleReplyRecorder(db.sqlite);

  /** Asks the app, and checks the reply against the OpenAPI document. */
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const reply = await app.request(path, init);
    await assertConforms(init.method ?? 'GET', path, reply.clone());
    return reply;
  }

  return {
    ...{ app, db, logged, ask, history, reportsFile: reports.reportsFile },
    /** Advances the clock. */
    later(ms: number) {
      nowMs += ms;
    },
    /** Records invocations as one page of a source. Members that are not given have default values. */
    async record(raws: readonly Members[], { source = SOURCE, observedAt = OBSERVED_AT } = {}) {
      recordReply(page(raws.map(rawInvocation), { source, observedAt }));
      await indexOutputs(db.sqlite);
    },
    /** Makes the outputs that were recorded since searchable. */
    index: () => indexOutputs(db.sqlite),
    /** Signs the ledger as it is, with the trial's own key. */
    checkpoint: (at = now()) => makeCheckpoint(db.sqlite, { ...keys, now: () => at }),
    /** The JSON of an answer that must have status 200. */
    async json(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
      const reply = await ask(path, init);
      expect(reply.status, `${path}: ${await reply.clone().text()}`).toBe(200);
      return z.record(z.string(), z.unknown()).parse(await reply.json());
    },
    async list(path: string): Promise<Listed> {
      return listed.parse(await this.json(path));
    },
    /** All items of a list, read page by page. */
    async walk(path: string): Promise<Listed['items']> {
      const items: Listed['items'] = [];
      let cursor: string | undefined;
      do {
        const found = await this.list(cursor === undefined ? path : `${path}&cursor=${cursor}`);
        items.push(...found.items);
        cursor = found.nextCursor;
      } while (cursor !== undefined);
      return items;
    },
    /** The problem details of an answer, which must have this status. */
    async problem(path: string, status: number, init?: RequestInit): Promise<ProblemReply> {
      const reply = await ask(path, init);
      expect([path, reply.status]).toEqual([path, status]);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
      const found = problem.parse(await reply.json());
      expect(found.status).toBe(status);
      return found;
    },
    /** The newest rows of the access log. */
    accessRows: (limit = 1) => readAccessLog(accessDb, { limit }).items,
    makeToken: (role: Role, name: string = role) =>
      createToken({ authDb, now, random }, { name, role, expiresAt: new Date(NOW_MS + 1000) }).token,
  };
}

/** The message for each field that the problem details call wrong. */
export function faultsOf({ errors = [] }: ProblemReply): Record<string, string> {
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}
