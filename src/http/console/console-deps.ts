import type { Context } from 'hono';
import type { AccessEnv, Linked } from '../../access/caller.ts';
import type { RandomBytes } from '../../access/secret.ts';
import type { NextSeal } from '../../archive/figures/read-lake.ts';
import type { listPlaces } from '../../archive/nodes/list-places.ts';
import type { Fetching } from '../../archive/outputs/say-unfetched.ts';
import type { SigningState } from '../../archive/signing/read-signing.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import type { Now } from '../../lib/time.ts';
import type { Passes } from '../../model/coverage/passes.ts';
import type { ReaderPool } from '../../processes/pool/create-reader-pool.ts';
import type { ReadOptions } from '../../processes/pool/read-task.ts';
import type { SqlDeps } from '../../processes/sql/ask-sql.ts';
import type { LastVerification } from '../../processes/verify/start-verifications.ts';
import type { ReportDelivery } from '../../questions/reports/report.ts';
import type { ReportsDeps } from '../../reports/reports-deps.ts';

/** The reports, and which of them are written on a schedule. */
export interface ConsoleReports extends ReportsDeps {
  deliveries: readonly ReportDelivery[];
}

/** The dependencies of the pages. */
export interface ConsoleDeps {
  /**
   * A read-only connection of the server's own process, only for reads whose cost is bounded by an index and a limit.
   */
  archive: Parameters<typeof listPlaces>[0];
  /** The processes that run all other reads. */
  readers: ReaderPool;
  sql: SqlDeps;
  reports: ConsoleReports;
  /** The collector. */
  passes: Passes;
  /** How the last verification of the archive ended; absent if this server does not verify the archive. */
  lastVerification?: (() => LastVerification | undefined) | undefined;
  /** Optional: the state of the server itself. */
  server?: { signing(): SigningState; nextSeal?: (() => NextSeal | undefined) | undefined } | undefined;
  /**
   * The accounts and regions in the configuration. They are never reported as unknown, even before anything is
   * collected from them.
   */
  configured: Configured;
  /** How full outputs are fetched; absent if they are not. */
  fullOutputs?: Fetching | undefined;
  now: Now;
  /** Random bytes for the nonces of scripts. */
  random: RandomBytes;
  readDeadlineMs: number;
  /** The time from the end of a span until the span settles. Until then, the span can't be covered. */
  settlingMs: number;
}

export type ConsoleContext = Context<AccessEnv>;

/**
 * Returns the address and a hint if a link on another site led to it: the question in the address must then not run.
 */
export function linkedTo(c: ConsoleContext): (Linked & { path: string }) | undefined {
  const linked = c.get('linked');
  if (!linked) return undefined;
  const { pathname, search } = new URL(c.req.url);
  return { ...linked, path: pathname + search };
}

/** The options of a read for this request: it ends when the client goes away, or at its deadline. */
export function readOptions(c: ConsoleContext, deadlineMs: number): ReadOptions {
  return { caller: c.get('caller')?.name ?? 'local', deadlineMs, signal: c.req.raw.signal };
}
