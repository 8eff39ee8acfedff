import { gatherSql, streamSql } from '../../readers/sql/ask-sql.ts';
import type { SqlParams } from '../../readers/sql/bind-params.ts';
import { type ApiContext, type ApiDeps, readOptions } from './api-deps.ts';
import { InvalidRequest } from './api-error.ts';
import { type ListForm, respondDownload } from './respond-list.ts';

export interface AskedSql extends ListForm {
  sql: string;
  params?: SqlParams | undefined;
  limit: number;
  timeoutMs?: number | undefined;
  /** What a download is called. */
  name: string;
}

/**
 * Runs a query and answers it: rows up to the limit as JSON, or all of them as a download. The access log gets its text
 * and its parameters, whatever becomes of it.
 */
export async function answerSql(c: ApiContext, deps: ApiDeps, asked: AskedSql): Promise<Response> {
  const { sql, params, format, csvForm } = asked;
  c.set('asked', { sql, params });
  if (asked.limit > deps.sql.maxRows)
    throw new InvalidRequest([{ field: 'limit', message: `must be at most ${deps.sql.maxRows} here` }]);
  const longest = format === 'json' ? deps.sql.deadlineMs : deps.exportDeadlineMs;
  if (asked.timeoutMs !== undefined && asked.timeoutMs > longest)
    throw new InvalidRequest([{ field: 'timeoutMs', message: `must be at most ${longest} here` }]);
  const asker = readOptions(c, asked.timeoutMs ?? longest);
  if (format === 'json') {
    const answer = await gatherSql(deps.sql, { sql, params, limit: asked.limit, maxBytes: deps.sql.maxBytes }, asker);
    c.set('rows', answer.rows ?? 0);
    const body = 'bytes' in answer ? new Uint8Array(answer.bytes) : answer.body;
    return c.body(body, 200, { 'content-type': 'application/json', vary: 'Accept' });
  }
  const { body, rows } = await streamSql(deps.sql, { sql, params, format, csvForm }, asker);
  c.set('rows', rows);
  return respondDownload(c, body, { name: asked.name, format, csvForm, now: deps.now() });
}
