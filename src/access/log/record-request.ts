import type { AccessDb } from './open-access-db.ts';

/** `open`: still being sent, or the server ended first. `aborted`: the client went away. `failed`: it broke on our side. */
export type RequestOutcome = 'open' | 'complete' | 'aborted' | 'failed';

/** A question, who asked it, and what became of it; or the refused attempts of a minute; or a day that was let go. */
export interface RequestRecord {
  /** When it was asked. */
  at: string;
  requestId: string | null;
  /** The token's name; null where an unknown token was refused. */
  caller: string | null;
  tokenId: string | null;
  role: string | null;
  remoteAddress: string;
  method: string;
  path: string;
  /** As it was asked, without the question mark; of the AWS endpoint the operation. */
  query: string;
  /** What was asked by SQL; and as JSON its parameters, or the input of an AWS operation. Null where there is none. */
  sql: string | null;
  params: string | null;
  status: number;
  outcome: RequestOutcome;
  /** Null where the answer has no rows to count. */
  rows: number | null;
  /** Of a stream, before any compression; null for others. */
  bytes: number | null;
  elapsedMs: number;
  userAgent: string | null;
  /** Of refused attempts how many there were, and when the last was; null for others. */
  attempts: number | null;
  lastAt: string | null;
}

export type RequestEnd = Pick<RequestRecord, 'outcome' | 'rows' | 'bytes' | 'elapsedMs'>;

/** Writes the row, and returns its id. */
export function recordRequest(accessDb: AccessDb, record: RequestRecord): number {
  const { lastInsertRowid } = accessDb
    .prepare<unknown[], never>(
      `INSERT INTO requests (at, request_id, caller, token_id, role, remote_address, method, path, query, sql, params,
         status, outcome, rows, bytes, elapsed_ms, user_agent, attempts, last_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      record.at,
      record.requestId,
      record.caller,
      record.tokenId,
      record.role,
      record.remoteAddress,
      record.method,
      record.path,
      record.query,
      record.sql,
      record.params,
      record.status,
      record.outcome,
      record.rows,
      record.bytes,
      record.elapsedMs,
      record.userAgent,
      record.attempts,
      record.lastAt,
    );
  return Number(lastInsertRowid);
}

/** Says how an answer that was `open` has ended. */
export function endRequest(accessDb: AccessDb, id: number, { outcome, rows, bytes, elapsedMs }: RequestEnd): void {
  accessDb
    .prepare<unknown[], never>('UPDATE requests SET outcome = ?, rows = ?, bytes = ?, elapsed_ms = ? WHERE id = ?')
    .run(outcome, rows, bytes, elapsedMs, id);
}
