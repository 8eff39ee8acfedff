import { type NeededRows, wholeFromNeeded } from '../../../archive/sealed/whole-from.ts';
import type { CsvForm } from '../../../lib/csv/csv.ts';
import { type FileFormat, isFileFormat } from '../../../lib/media-types.ts';
import { readyEngine } from '../../../processes/sql/ready-engine.ts';
import { type SqlEngine, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import type { SqlParams } from '../../../questions/sql/sql-values.ts';
import { type ListFormat, respondDownload } from '../answers/respond-list.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { engineHeaders } from './engine-members.ts';

export interface AskedSql {
  format: ListFormat | FileFormat;
  csvForm: CsvForm;
  sql: string;
  /** The engine that answers; by default that of the archive's file. */
  engine?: SqlEngine | undefined;
  params?: SqlParams | undefined;
  limit: number;
  timeoutMs?: number | undefined;
  /** The name of a download's file. */
  name: string;
  /**
   * Returns members to put first in a JSON answer. Gets the number of rows, or undefined if the answer is too long to
   * be kept in memory, and so certainly has rows.
   */
  more?: ((rows: number | undefined) => Promise<object>) | undefined;
  /** Which rows the answer is made of, as far as that is known. */
  needs?: NeededRows | undefined;
}

/**
 * Runs a query and returns the answer: JSON with at most `limit` rows, or a download of all rows. The access log gets
 * the query's text and its parameters, however the query ends.
 */
export async function answerSql(c: ApiContext, deps: ApiDeps, asked: AskedSql): Promise<Response> {
  const { sql, params, format, csvForm, engine = deps.lakeAlone ? 'lake' : USUAL_ENGINE } = asked;
  c.set('asked', { sql, params, engine });
  if (asked.limit > deps.sql.maxRows)
    throw new InvalidRequest([{ field: 'limit', message: `must be at most ${deps.sql.maxRows} here` }]);
  const longest = format === 'json' ? deps.sql.deadlineMs : deps.exportDeadlineMs;
  if (asked.timeoutMs !== undefined && asked.timeoutMs > longest)
    throw new InvalidRequest([{ field: 'timeoutMs', message: `must be at most ${longest} here` }]);
  const asker = readOptions(c, asked.timeoutMs ?? longest);
  const ready = await readyEngine(deps.sql, engine);
  // SQL may read anything, so no span bounds what it needs. The lake has all days.
  const said = () => ready.facts ?? { engine, wholeFrom: wholeFromNeeded(deps.archive, asked.needs) };
  if (format === 'json') {
    const answer = await ready.gather({ sql, params, limit: asked.limit, maxBytes: deps.sql.maxBytes }, asker);
    c.set('rows', answer.rows ?? 0);
    const more = await asked.more?.('bytes' in answer ? (answer.rows ?? 0) : undefined);
    const members = JSON.stringify({ ...more, ...said() });
    const body = withMembers('bytes' in answer ? new Uint8Array(answer.bytes) : answer.body, members);
    return c.body(body, 200, { 'content-type': 'application/json', vary: 'Accept' });
  }
  const { body, rows } = isFileFormat(format)
    ? await ready.file({ sql, params, format, needs: asked.needs }, asker)
    : await ready.stream({ sql, params, format, csvForm }, asker);
  c.set('rows', rows);
  engineHeaders(c, said());
  return respondDownload(c, body, { name: asked.name, format, csvForm, now: deps.now() });
}

/**
 * Returns the JSON object with `members` before its own members. The JSON is not parsed, so its numbers keep all of
 * their digits.
 */
function withMembers(
  json: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  members: string,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  if (members === '{}') return json;
  const head = new TextEncoder().encode(`${members.slice(0, -1)},`);
  if (json instanceof Uint8Array) {
    const whole = new Uint8Array(head.length + json.length - 1);
    whole.set(head);
    // Everything after the opening brace of the original object.
    whole.set(json.subarray(1), head.length);
    return whole;
  }
  let isBegun = false;
  return json.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (isBegun || chunk.length === 0) return controller.enqueue(chunk);
        isBegun = true;
        controller.enqueue(head);
        controller.enqueue(chunk.subarray(1));
      },
    }),
  );
}
