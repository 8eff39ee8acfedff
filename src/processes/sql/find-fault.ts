import type { Database } from 'better-sqlite3';
import { positionAt, type SqlPosition } from '../../questions/sql/sql-fault.ts';
import { type SqlToken, sqlTokens } from '../../questions/sql/sql-tokens.ts';

const NEAR = /^near "([\s\S]+)": syntax error$/;
const UNRECOGNIZED = /^unrecognized token: "([\s\S]+)"$/;
const NAMED =
  /^(?:no such (?:column|table|function|table-valued function|index|collation sequence|window)|ambiguous column name|misuse of (?:aggregate(?: function)?|window function|aliased aggregate)|wrong number of arguments to function|(?:unable to )?use function)[: ]+"?([^\s"]+?)(?:\(\))?"?(?: - .*)?$/;
/** A hostile text may contain the token of a syntax error a million times; a person's text contains it a few times. */
const MOST_TRIED = 20;
/** The regular expression NAMED takes quadratic time on a long row of colons. */
const MOST_MATCHED = 1000;

/**
 * Returns the position that SQLite's message is about, found by the message because the driver has no access to
 * sqlite3_error_offset. A syntax error is at the first token that can't follow the text before it; a name is at its
 * first use. Returns undefined if the message names neither.
 */
export function findFault(sqlite: Database, sql: string, message: string): SqlPosition | undefined {
  if (message === 'incomplete input') return positionAt(sql, sql.trimEnd().length);
  const near = NEAR.exec(message)?.[1];
  if (near !== undefined) return at(sql, syntaxErrorAt(sqlite, sql, near, message));
  const stray = UNRECOGNIZED.exec(message)?.[1];
  if (stray !== undefined)
    return at(sql, find(sql, ({ kind, text }) => kind === 'illegal' && text.startsWith(stray)) ?? sql.indexOf(stray));
  const name = NAMED.exec(message.slice(0, MOST_MATCHED))?.[1]?.split('.').at(-1)?.toLowerCase();
  if (name === undefined) return undefined;
  return at(
    sql,
    find(sql, (token) => nameOf(token) === name),
  );
}

function syntaxErrorAt(sqlite: Database, sql: string, near: string, message: string): number | undefined {
  let tried = 0;
  for (const { text, start, end } of sqlTokens(sql)) {
    if (text !== near) continue;
    tried += 1;
    if (tried > MOST_TRIED) return undefined;
    try {
      sqlite.prepare(sql.slice(0, end));
    } catch (error) {
      if (error instanceof Error && error.message === message) return start;
    }
  }
  return undefined;
}

function find(sql: string, fits: (token: SqlToken) => boolean): number | undefined {
  for (const token of sqlTokens(sql)) if (fits(token)) return token.start;
  return undefined;
}

/**
 * Returns the identifier that a token may stand for, in lower case; undefined if the token can't be an identifier. A
 * string can be one in SQLite.
 */
export function nameOf({ kind, text }: SqlToken): string | undefined {
  if (kind === 'word') return text.toLowerCase();
  if (kind !== 'quoted' && kind !== 'string') return undefined;
  const quote = text.charAt(0);
  const inner = text.slice(1, -1);
  return (quote === '[' ? inner : inner.replaceAll(quote + quote, quote)).toLowerCase();
}

function at(sql: string, index: number | undefined): SqlPosition | undefined {
  return index === undefined || index < 0 ? undefined : positionAt(sql, index);
}
