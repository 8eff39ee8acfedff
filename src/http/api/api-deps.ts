import type { Context } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import type { CertifiedCoverage } from '../../archive/coverage/certificate/certify-coverage.ts';
import type { IssuedCertificate } from '../../archive/coverage/certificate/issue-certificate.ts';
import type { listInvocations } from '../../archive/invocations/list-invocations.ts';
import type { SigningState } from '../../archive/signing/read-signing.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import type { Now } from '../../lib/time.ts';
import type { MakeEvidence } from '../../processes/evidence/make-evidence-apart.ts';
import type { ReaderPool } from '../../processes/pool/create-reader-pool.ts';
import type { ReadOptions } from '../../processes/pool/read-task.ts';
import type { SqlDeps } from '../../processes/sql/ask-sql.ts';
import type { LastVerification } from '../../processes/verify/start-verifications.ts';
import type { ReportDelivery } from '../../questions/reports/report.ts';
import type { ReportsDeps } from '../../reports/reports-deps.ts';

/** Questions with a name, and which of them are written by themselves. */
export interface ApiReports extends ReportsDeps {
  deliveries: readonly ReportDelivery[];
}

/** A sentence on why the server can't do its work now, or undefined where it can. */
export type Unreadiness = () => string | undefined | Promise<string | undefined>;

export interface ServerState {
  unreadiness: Unreadiness;
  /** What may still be filled of the disk that the archive is on. */
  freeBytes(): number;
  /** Whether the ledger is signed, and why not. */
  signing(): SigningState;
}

/** What the routes of the API answer from. */
export interface ApiDeps {
  /** A read-only connection of the server's own process, for what an index and a limit bound. */
  archive: Parameters<typeof listInvocations>[0];
  /** Everything else. */
  readers: ReaderPool;
  sql: SqlDeps;
  reports: ApiReports;
  /** Signs what was found, with the key of the ledger; the one thing that a reader can ask for and that writes. */
  issueCertificate(certified: CertifiedCoverage): Promise<IssuedCertificate>;
  /** Makes a pack of evidence in a process of its own; it signs too. */
  makeEvidence: MakeEvidence;
  /** How the last verification of the archive ended; absent where none is made. */
  lastVerification?: (() => LastVerification | undefined) | undefined;
  /** What the metrics tell of the server itself; absent where there is none. */
  server?: ServerState | undefined;
  /** The accounts and regions that the configuration names: they count as seen before anything was collected of them. */
  configured: Configured;
  now: Now;
  /** How long a read may take, and how long an export. */
  readDeadlineMs: number;
  exportDeadlineMs: number;
  /** How long after its time a span settles: before that it can't be covered. */
  settlingMs: number;
}

export type ApiContext = Context<AccessEnv>;

/** For a read on behalf of this request: it ends when the client goes away, or at its deadline. */
export function readOptions(c: ApiContext, deadlineMs: number): ReadOptions {
  return { caller: c.get('caller')?.name ?? 'local', deadlineMs, signal: c.req.raw.signal };
}
