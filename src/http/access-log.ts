import { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { AccessEnv, Caller, RefusedAttempt } from '../access/caller.ts';
import { boundedRecord } from '../access/log/bounded-record.ts';
import { createRecorder } from '../access/log/create-recorder.ts';
import { createRefusals, type Refusal, type Refusals } from '../access/log/create-refusals.ts';
import type { AccessDb } from '../access/log/open-access-db.ts';
import { endRequest } from '../access/log/record-request.ts';
import type { Logger } from '../lib/logger.ts';
import { MINUTE_MS, type Now } from '../lib/time.ts';
import { addressBlock } from './auth/address-block.ts';
import { clientAddress } from './auth/client-address.ts';
import { denialResponse } from './auth/denial.ts';
import { type BodyEnd, type BodyFollower, followBody } from './follow-body.ts';

export interface AccessLogDeps {
  accessDb: AccessDb;
  now: Now;
  log: Logger;
  isProxyTrusted: boolean;
  /** Whether requests to a path are logged. By default all are, except the paths in UNRECORDED. */
  isRecorded?: (path: string) => boolean;
  /** If a client reads nothing from a stream for this long, it counts as gone. Proxies have a similar limit. */
  stallMs?: number;
  /** Counts refused attempts. */
  refusals?: Refusals;
}

const STALL_MS = MINUTE_MS;
/** The route in the row of a request whose path has no route on this server. */
const NO_ROUTE = 'none';

/** Not logged: paths that show nothing of the archive, and the metrics, which a scraper reads every few seconds. */
const UNRECORDED = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/display', '/favicon.ico'];
const UNRECORDED_FOLDERS = ['/assets/', '/docs/'];

const isQuestion = (path: string) =>
  !UNRECORDED.includes(path) && !UNRECORDED_FOLDERS.some((folder) => path.startsWith(folder));

/**
 * Writes one row to the access log for each answer to a known caller, and one row for all refused attempts of an
 * address within a minute. It runs before the guard. A refused request without a token gets no row.
 *
 * It fails closed: if the row can't be written, the caller gets 503 instead of the answer. For a plain answer the row
 * is written before the answer leaves; for a stream it is written as `open` before the first byte. So a crash cannot
 * hide that a request was made. Until the caller is known, no part of the request itself is kept: strangers could fill
 * the disk that way.
 */
export function createAccessLog(deps: AccessLogDeps): MiddlewareHandler<AccessEnv> {
  const { accessDb, now, log, isRecorded = isQuestion, stallMs = STALL_MS, refusals = createRefusals(deps) } = deps;
  const recorder = createRecorder(accessDb);
  return async (c, next) => {
    const askedAt = now();
    await next();
    const caller = c.get('caller');
    if (!caller) {
      const refused = c.get('refusedAttempt');
      if (refused) refusals.count(refusalOf(c, deps, refused));
      return;
    }
    if (!isRecorded(c.req.path)) return;
    const isStream = isStreamed(c);
    const record = boundedRecord({
      ...recordedRequest(c, deps, caller, askedAt),
      outcome: isStream ? 'open' : 'complete',
      rows: isStream ? null : rowsOf(c),
      bytes: null,
      elapsedMs: now().getTime() - askedAt.getTime(),
    });
    let id: number;
    try {
      id = await recorder.record(record);
    } catch (error) {
      // The server's log gets the record that the access log could not take. So there is a trace of the request even
      // though its answer is withheld.
      (c.get('log') ?? log).error({ err: error, record }, 'The access log cannot be written, so answers are withheld.');
      await withhold(c);
      return;
    }
    if (!isStream) return;
    const onEnd = (end: BodyEnd, bytes: number, error?: unknown) => {
      // When a client goes away, the read for it ends too. Either of these two events may arrive here first.
      const outcome = c.req.raw.signal.aborted ? 'aborted' : end;
      if (error && !c.req.raw.signal.aborted)
        (c.get('log') ?? log).warn({ err: error, path: c.req.path, bytes }, 'A streamed answer ended too early.');
      try {
        const elapsedMs = now().getTime() - askedAt.getTime();
        endRequest(accessDb, id, { outcome, rows: rowsOf(c), bytes, elapsedMs });
      } catch (error) {
        (c.get('log') ?? log).error(
          { err: error, accessLogId: id, outcome, bytes },
          'The access log cannot be written.',
        );
      }
    };
    await follow(c, { onEnd, stallMs, cut: cutOf(c) });
  };
}

// Answers of these types are complete before they leave. Following their bodies would turn them into streams, which
// are slower to send.
const MADE_WHOLE = /^(application\/((problem\+)?json|x-amz-json-1\.1|octet-stream)|text\/(html|xml|plain))(;|$)/;

function isStreamed(c: Context<AccessEnv>): boolean {
  const type = c.res.headers.get('content-type');
  return typeof c.get('rows') === 'function' || (type !== null && !MADE_WHOLE.test(type));
}

function rowsOf(c: Context<AccessEnv>): number | null {
  const rows = c.get('rows') ?? null;
  return typeof rows === 'function' ? rows() : rows;
}

function recordedRequest(c: Context<AccessEnv>, { isProxyTrusted }: AccessLogDeps, caller: Caller, askedAt: Date) {
  const asked = c.get('asked');
  const { url } = c.req;
  const queryAt = url.indexOf('?');
  return {
    at: askedAt.toISOString(),
    requestId: c.get('requestId') ?? null,
    caller: caller.name,
    tokenId: caller.tokenId,
    role: caller.role,
    remoteAddress: clientAddress(c, isProxyTrusted),
    method: c.req.method,
    path: c.req.path,
    query: asked?.operation ?? (queryAt < 0 ? '' : url.slice(queryAt + 1)),
    sql: asked?.sql ?? null,
    params: asked?.params === undefined ? null : JSON.stringify(asked.params),
    engine: asked?.engine ?? null,
    status: c.res.status,
    userAgent: c.req.header('user-agent') ?? null,
    attempts: null,
    lastAt: null,
  };
}

/**
 * The row of a refused attempt has the route that the path matches in the server's own list. It does not have the path
 * itself, because the client wrote that text.
 */
function refusalOf(c: Context<AccessEnv>, { isProxyTrusted }: AccessLogDeps, refused: RefusedAttempt): Refusal {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return {
    ...refused,
    block: addressBlock(clientAddress(c, isProxyTrusted)),
    method: route?.method ?? '',
    route: route?.path ?? NO_ROUTE,
    status: c.res.status,
  };
}

async function follow(c: Context<AccessEnv>, follower: BodyFollower): Promise<void> {
  const { body } = c.res;
  if (!body || c.req.method === 'HEAD') {
    // Nobody reads the body of an answer to HEAD, so we cancel its stream here.
    await body?.cancel();
    follower.onEnd('complete', 0);
    if (body) c.res = new Response(null, c.res);
    return;
  }
  c.res = new Response(followBody(body, follower), c.res);
}

/** Returns a function that ends the client's connection, or undefined if there is no connection, as in a test. */
function cutOf(c: Context): (() => void) | undefined {
  const outgoing: unknown = c.env?.outgoing;
  return outgoing instanceof ServerResponse ? () => outgoing.destroy() : undefined;
}

/** Replaces the answer with a problem. No part of the answer stays, not even its headers or its cookies. */
async function withhold(c: Context<AccessEnv>): Promise<void> {
  await c.res.body?.cancel();
  c.res = undefined;
  c.res = denialResponse({
    status: 503,
    title: 'Not recorded',
    detail:
      'Every answer must be recorded in the access log, which cannot be written at present. The log of the server has the reason; try again later.',
    headers: { 'retry-after': '30' },
  });
}
