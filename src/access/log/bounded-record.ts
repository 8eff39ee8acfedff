import { MOST_SQL_CHARACTERS } from '../../lib/most-sql-characters.ts';
import type { RequestRecord } from './record-request.ts';
import { withoutSecrets } from './without-secrets.ts';

/** At most this many characters of each value are kept. No value of an answered request has more. SQL is kept whole. */
const MOST_PATH = 2048;
const MOST_QUERY = 16_384;
const MOST_INPUT = 16_384;
const MOST_USER_AGENT = 1024;

/**
 * Returns the row without secrets in the client's texts, and with long texts cut. A cut text says how much is missing.
 */
export function boundedRecord(record: RequestRecord): RequestRecord {
  const { path, query, sql, params, userAgent } = record;
  return {
    ...record,
    path: bounded(path, MOST_PATH),
    query: bounded(query, MOST_QUERY),
    sql: sql === null ? null : bounded(sql, MOST_SQL_CHARACTERS),
    params: params === null ? null : boundedJson(params, sql === null ? MOST_INPUT : MOST_SQL_CHARACTERS),
    userAgent: userAgent === null ? null : bounded(userAgent, MOST_USER_AGENT),
  };
}

function bounded(text: string, most: number): string {
  const safe = withoutSecrets(text);
  if (safe.length <= most) return safe;
  return `${safe.slice(0, most).toWellFormed()}… [${safe.length - most} more characters]`;
}

/** JSON stays JSON: a query that parses this column would fail for all rows if one row were not JSON. */
function boundedJson(json: string, most: number): string {
  const safe = withoutSecrets(json);
  if (safe.length <= most) return safe;
  return JSON.stringify({ cut: safe.slice(0, most).toWellFormed(), moreCharacters: safe.length - most });
}
