import { sha256 } from '../../lib/sha256.ts';
import { ReaderLost } from '../../readers/errors.ts';
import type { SqlParams } from '../../readers/sql/bind-params.ts';
import { SqlFault } from '../../readers/sql/sql-fault.ts';
import type { ApiContext, ApiDeps } from './api-deps.ts';
import { InvalidRequest } from './api-error.ts';
import { type ListFormat, respondDownload } from './respond-list.ts';

export interface AskedSql {
  sql: string;
  params?: SqlParams | undefined;
  limit: number;
  timeoutMs?: number | undefined;
  format: ListFormat;
  isRaw: boolean;
  /** What a download is called. */
  name: string;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Runs a query and answers it: rows up to the limit as JSON, or all of them as a download. The access log gets its text
 * and its parameters, whatever becomes of it.
 */
export async function answerSql(c: ApiContext, deps: ApiDeps, asked: AskedSql): Promise<Response> {
  const { sql, params, format } = asked;
  c.set('asked', { sql, params });
  if (asked.limit > deps.sql.maxRows)
    throw new InvalidRequest([{ field: 'limit', message: `must be at most ${deps.sql.maxRows} here` }]);
  const longest = format === 'json' ? deps.sql.deadlineMs : deps.exportDeadlineMs;
  if (asked.timeoutMs !== undefined && asked.timeoutMs > longest)
    throw new InvalidRequest([{ field: 'timeoutMs', message: `must be at most ${longest} here` }]);
  const options = {
    caller: c.get('caller')?.name ?? 'local',
    deadlineMs: asked.timeoutMs ?? longest,
    signal: c.req.raw.signal,
    key: sha256(sql).toString('base64'),
    bytes: sql.length + JSON.stringify(params ?? null).length,
  };
  try {
    if (format === 'json') {
      const input = { sql, params, limit: asked.limit, maxBytes: deps.sql.maxBytes };
      const answer = await deps.sql.pool.gather('selectJson', input, options);
      c.set('rows', answer.rows ?? 0);
      const body = 'bytes' in answer ? new Uint8Array(answer.bytes) : answer.body;
      return c.body(body, 200, { 'content-type': 'application/json', vary: 'Accept' });
    }
    const { body, rows } = await deps.sql.pool.stream(
      'selectLines',
      { sql, params, format, isRaw: asked.isRaw },
      options,
    );
    c.set('rows', rows);
    return respondDownload(c, body, { name: asked.name, format, now: deps.now() });
  } catch (error) {
    if (!(error instanceof ReaderLost)) throw error;
    const ceiling = `${Math.floor(deps.sql.memoryBytes / MEBIBYTE)} MiB (SSM_ARCHIVE_SQL_MEMORY_BYTES)`;
    const message = `The process of the query was ended: it needed more than the ${ceiling} that one may have, or more processor time.`;
    throw new SqlFault(message, { kind: 'memory' }, { cause: error });
  }
}
