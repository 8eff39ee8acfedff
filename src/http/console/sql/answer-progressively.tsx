import { text as readAsText } from 'node:stream/consumers';
import type { Child } from 'hono/jsx';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { ReadTimedOut } from '../../../processes/pool/errors.ts';
import { readyEngine } from '../../../processes/sql/ready-engine.ts';
import { explainedSql } from '../../../questions/sql/explained-sql.ts';
import { parseSqlAnswer } from '../../../questions/sql/parse-sql-answer.ts';
import { planOfLines } from '../../../questions/sql/plan-tree.ts';
import type { SqlAnswer } from '../../../questions/sql/sql-answer.ts';
import { type SqlEngine, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { SqlFault } from '../../../questions/sql/sql-fault.ts';
import { namedParameters } from '../../../questions/sql/sql-parameters.ts';
import type { SqlValue } from '../../../questions/sql/sql-values.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../console-deps.ts';
import { type Page, respondProgressively } from '../frame/respond-page.tsx';
import { QueryEnded, QueryRefused } from '../parts/sql/query-fault.tsx';

/** Values by the names of the parameters. The names may begin with their sign, as in `:from`. */
export type NamedParams = Readonly<Record<string, SqlValue>>;

export interface PageQuery {
  sql: string;
  /** The engine that answers; by default that of the archive's file. */
  engine?: SqlEngine | undefined;
  params: NamedParams;
  limit: number;
  /** Whether to explain the query instead of running it. */
  isPlan?: boolean;
  /** The first day from which the answer is whole; called after the query has begun. Without it, SQL may read anything. */
  wholeFrom?: () => string | undefined;
}

/** A browser can show only this many bytes of an answer; downloads have the whole answer. */
const MOST_PAGE_BYTES = 1_000_000;

/**
 * Answers with a page that begins with `head` and ends with the result of a query, or with the reason why there is
 * none. The access log gets the query's text, its parameters and the number of its rows.
 */
export async function answerProgressively(
  deps: ConsoleDeps,
  c: ConsoleContext,
  page: Omit<Page, 'status'>,
  { query, head, render }: { query: PageQuery; head: Child | Promise<Child>; render(answer: SqlAnswer): Child },
): Promise<Response> {
  const { isPlan = false, limit } = query;
  const { sql, toOwn } = isPlan ? explainedSql(query.sql, 'EXPLAIN QUERY PLAN') : { sql: query.sql, toOwn: undefined };
  // A query can be explained even if some of its values are missing.
  const params = isPlan ? withNulls(query.sql, query.params) : query.params;
  let rows: number | null = null;
  c.set('asked', { sql, params, engine: query.engine ?? USUAL_ENGINE });
  c.set('rows', () => rows);
  const find = async () => {
    const maxBytes = Math.min(deps.sql.maxBytes, MOST_PAGE_BYTES);
    const input = { sql, params, limit: Math.min(limit, deps.sql.maxRows), maxBytes };
    try {
      const { facts: lake, gather } = await readyEngine(deps.sql, query.engine ?? USUAL_ENGINE);
      const gathered = await gather(input, readOptions(c, deps.sql.deadlineMs));
      const isWhole = 'bytes' in gathered;
      const answer = parseSqlAnswer(
        isWhole ? Buffer.from(gathered.bytes).toString('utf8') : await readAsText(gathered.body),
      );
      rows = answer.rows.length;
      if (lake) return render({ ...answer, lake });
      const day = query.wholeFrom ? query.wholeFrom() : wholeFrom(deps.archive);
      return render({ ...answer, ...(!isPlan && { wholeFrom: day }) });
    } catch (error) {
      if (error instanceof SqlFault) {
        const { kind, position } = error.data;
        const message = kind === 'memory' ? `${error.message} Ask for fewer rows or shorter texts.` : error.message;
        return (
          <QueryRefused sql={query.sql} message={message} position={position && (toOwn?.(position) ?? position)} />
        );
      }
      if (error instanceof ReadTimedOut) {
        const lines = Array.isArray(error.note) ? error.note.map(String) : [];
        const message = `${error.message} Ask for a shorter span, or for fewer things at a time.`;
        return <QueryEnded message={message} steps={planOfLines(lines)} />;
      }
      throw error;
    }
  };
  // The query is started before the head is read, so that it does not wait for the head.
  const answering = find();
  answering.catch(() => {});
  return respondProgressively(deps, c, page, await head, answering);
}

function withNulls(sql: string, params: NamedParams): NamedParams {
  return { ...Object.fromEntries(namedParameters(sql).map((name) => [name, null])), ...params };
}
