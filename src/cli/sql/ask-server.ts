import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text as readAsText } from 'node:stream/consumers';
import type { CsvForm } from '../../lib/csv/csv.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { MEDIA_TYPES } from '../../lib/media-types.ts';
import { MINUTE_MS } from '../../lib/time.ts';
import { type LakeFacts, lakeFactsOf } from '../../questions/sql/lake-facts.ts';
import { parseSqlAnswer } from '../../questions/sql/parse-sql-answer.ts';
import type { SqlAnswerer, SqlQuestion } from './answerer.ts';
import { explainRefusal, parseProblem } from './explain-refusal.ts';
import { sendRequest, unbroken, wholeText } from './send-request.ts';

interface AskOptions {
  /** The server's address, from parseServerUrl. */
  url: URL;
  token: string | undefined;
  /** The greatest width of a fault's text, in columns. */
  width: number;
  onSilence(sentence: string): void;
}

/** Returns an answerer that asks a server: SQL by `POST /v1/sql`, a report by the report's address. */
export function askServer({ url, token, width, onSilence }: AskOptions): SqlAnswerer {
  const { signal, abort } = aborting();

  async function ask(
    question: SqlQuestion,
    format: keyof typeof MEDIA_TYPES,
    csvForm: CsvForm,
  ): Promise<IncomingMessage> {
    const { sql } = question;
    const at = new URL(question.report ? `v1/reports/${encodeURIComponent(question.report.name)}` : 'v1/sql', url);
    at.searchParams.set('format', format);
    if (csvForm === 'raw') at.searchParams.set('csv', 'raw');
    if (csvForm === 'spreadsheet') at.searchParams.set('for', 'spreadsheet');
    const body = question.report ? undefined : bodyOf(question, format);
    if (question.report) for (const [name, value] of parametersOf(question, format)) at.searchParams.set(name, value);
    const idleMs = question.timeoutMs === undefined ? undefined : question.timeoutMs + MINUTE_MS;
    const reply = await sendRequest(at, { token, body, signal, idleMs, onSilence });
    const type = reply.headers['content-type'] ?? '';
    if (reply.statusCode === 200 && type.startsWith(MEDIA_TYPES[format])) return reply;
    const problem = parseProblem(type.startsWith('application/problem+json') ? await readAsText(reply) : '');
    reply.destroy();
    const { statusCode: status = 0, headers } = reply;
    throw explainRefusal({
      status,
      location: headers.location,
      asked: at,
      problem,
      hasToken: token !== undefined,
      url,
      sql,
      width,
    });
  }

  return {
    async gather(question) {
      const json = await wholeText(await ask(question, 'json', 'safe'));
      try {
        return parseSqlAnswer(json);
      } catch (error) {
        throw new UserFault(
          `${url.href} answers, but not with an answer to SQL. Does the server have the same version as this command?`,
          {
            cause: error,
          },
        );
      }
    },
    async stream(question, format, csvForm) {
      const reply = await ask(question, format, csvForm);
      return { body: unbroken(reply), rows: () => null, ...saidIn(reply.headers) };
    },
    close: async () => abort(),
  };
}

/** Returns what the headers of a download say about its rows. */
function saidIn(headers: IncomingHttpHeaders): { wholeFrom: string | undefined; lake?: LakeFacts } {
  const header = (name: string) => headers[`x-ssm-archive-${name}`];
  const asOf = header('as-of');
  if (header('engine') !== 'lake' || typeof asOf !== 'string' || !/^[\d:.TZ-]{20,30}$/.test(asOf))
    return { wholeFrom: dayIn(header('whole-from')) };
  return { wholeFrom: undefined, lake: lakeFactsOf({ from: dayIn(header('from')), to: dayIn(header('to')), asOf }) };
}

/** Returns the day in the header of a download. Anything else in it is not shown: a server may send what it wants. */
function dayIn(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(header) ? header : undefined;
}

function bodyOf({ sql, params, engine, limit, timeoutMs }: SqlQuestion, format: keyof typeof MEDIA_TYPES): string {
  return JSON.stringify({ sql, params, engine, ...(format === 'json' && { limit }), timeoutMs });
}

/** The parameters of a report's address. */
function parametersOf({ report, limit, timeoutMs }: SqlQuestion, format: keyof typeof MEDIA_TYPES): [string, string][] {
  return [
    ...Object.entries(report?.values ?? {}),
    ...(format === 'json' ? [['limit', String(limit)] as [string, string]] : []),
    ...(timeoutMs === undefined ? [] : [['timeoutMs', String(timeoutMs)] as [string, string]]),
  ];
}

function aborting() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
