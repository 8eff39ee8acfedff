import type { Context } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import type { CertifiedCoverage } from '../../archive/coverage/certificate/certify-coverage.ts';
import type { IssuedCertificate } from '../../archive/coverage/certificate/issue-certificate.ts';
import type { NextSeal } from '../../archive/figures/read-lake.ts';
import type { listInvocations } from '../../archive/invocations/list-invocations.ts';
import type { LakeAlone } from '../../archive/lake-alone/lake-alone.ts';
import type { Fetching } from '../../archive/outputs/say-unfetched.ts';
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

/** The reports, and which of them are written on a schedule. */
export interface ApiReports extends ReportsDeps {
  deliveries: readonly ReportDelivery[];
}

/** A sentence on why the server can't do its work now, or undefined if it can. */
export type Unreadiness = () => string | undefined | Promise<string | undefined>;

export interface ServerState {
  unreadiness: Unreadiness;
  /** How many more bytes the server may write to the archive's disk. */
  freeBytes(): number;
  /** Whether the ledger can be signed, and if not, why. */
  signing(): SigningState;
  /** The day that is sealed next; undefined if there is none. Absent without a lake. */
  nextSeal?: (() => NextSeal | undefined) | undefined;
}

/** The dependencies of the API's routes. */
export interface ApiDeps {
  /**
   * A read-only connection of the server's own process, only for reads whose cost is bounded by an index and a limit.
   */
  archive: Parameters<typeof listInvocations>[0];
  /** The processes that run all other reads. */
  readers: ReaderPool;
  sql: SqlDeps;
  reports: ApiReports;
  /** Signs a certificate with the ledger's key. A caller with the role `reader` can cause this write. */
  issueCertificate(certified: CertifiedCoverage): Promise<IssuedCertificate>;
  /** Makes an evidence pack in a process of its own, and signs it with the ledger's key. */
  makeEvidence: MakeEvidence;
  /** How the last verification of the archive ended; absent if this server does not verify the archive. */
  lastVerification?: (() => LastVerification | undefined) | undefined;
  /** Metrics of the server itself; absent if there are none. */
  server?: ServerState | undefined;
  /**
   * The accounts and regions in the configuration. They are never reported as unknown, even before anything is
   * collected from them.
   */
  configured: Configured;
  /** How full outputs are fetched; absent if they are not. */
  fullOutputs?: Fetching | undefined;
  /** What is known of a lake without an archive; absent on a server that has one. */
  lakeAlone?: LakeAlone | undefined;
  now: Now;
  /** The longest time for a read, and the longest time for an export. */
  readDeadlineMs: number;
  exportDeadlineMs: number;
  /** The time from the end of a span until the span settles. Until then, the span can't be covered. */
  settlingMs: number;
}

export type ApiContext = Context<AccessEnv>;

/** The options of a read for this request: it ends when the client goes away, or at its deadline. */
export function readOptions(c: ApiContext, deadlineMs: number): ReadOptions {
  return { caller: c.get('caller')?.name ?? 'local', deadlineMs, signal: c.req.raw.signal };
}
