import type { AccessDb } from './open-access-db.ts';

/** `open`: still being sent, or the server ended first. `aborted`: the client left. `failed`: an error on our side. */
export type RequestOutcome = 'open' | 'complete' | 'aborted' | 'failed';

/** A row of the log: a request with its caller and its end; or the refused attempts of a minute; or a removed day. */
export interface RequestRecord {
  /** When the request came. */
  at: string;
  requestId: string | null;
  /** The token's name; null if an unknown token was refused. */
  caller: string | null;
  tokenId: string | null;
  role: string | null;
  remoteAddress: string;
  method: string;
  path: string;
  /** The query of the address without the question mark; for the AWS endpoint the operation. */
  query: string;
  /**
   * The SQL of the request. `params`: its parameters, or the input of an AWS operation, as JSON. Both are null for
   * other requests.
   */
  sql: string | null;
  params: string | null;
  /** The engine that answered the SQL; null for other requests. */
  engine: string | null;
  status: number;
  outcome: RequestOutcome;
  /** Null if the answer has no rows to count. */
  rows: number | null;
  /** The bytes of a stream before compression; null for other answers. */
  bytes: number | null;
  elapsedMs: number;
  userAgent: string | null;
  /** The number of refused attempts, and the time of the last attempt; null for other rows. */
  attempts: number | null;
  lastAt: string | null;
}

export type RequestEnd = Pick<RequestRecord, 'outcome' | 'rows' | 'bytes' | 'elapsedMs'>;

/** Writes the row, and returns its id. */
export function recordRequest(accessDb: AccessDb, record: RequestRecord): number {
  const { lastInsertRowid } = accessDb
    .prepare<unknown[], never>(
      `INSERT INTO requests (at, request_id, caller, token_id, role, remote_address, method, path, query, sql, params, engine,
         status, outcome, rows, bytes, elapsed_ms, user_agent, attempts, last_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
      record.engine,
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

/** Records how an `open` answer ended. */
export function endRequest(accessDb: AccessDb, id: number, { outcome, rows, bytes, elapsedMs }: RequestEnd): void {
  accessDb
    .prepare<unknown[], never>('UPDATE requests SET outcome = ?, rows = ?, bytes = ?, elapsed_ms = ? WHERE id = ?')
    .run(outcome, rows, bytes, elapsedMs, id);
}
