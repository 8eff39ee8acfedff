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
  /** Whether a path's answers go into the log; by default all but those that tell nothing of the archive. */
  isRecorded?: (path: string) => boolean;
  /** How long a client may take nothing of a stream, as proxies count it too. */
  stallMs?: number;
  /** What counts refused attempts. */
  refusals?: Refusals;
}

const STALL_MS = MINUTE_MS;
/** Stands for what this server has no route for. */
const NO_ROUTE = 'none';

/** What tells nothing of the archive, and the figures that a scraper takes every few seconds. */
const UNRECORDED = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/display', '/favicon.ico'];
const UNRECORDED_FOLDERS = ['/assets/', '/docs/'];

const isQuestion = (path: string) =>
  !UNRECORDED.includes(path) && !UNRECORDED_FOLDERS.some((folder) => path.startsWith(folder));

/**
 * A row of the access log for each answer that a caller got, and one for all attempts that an address had refused in a minute.
 * Stands before the guard. What carries no token at all has no row.
 *
 * It fails closed: an answer to a caller that can't be recorded is not given (503). The row is written before a plain answer
 * leaves, and for a stream as `open` before its first byte, so that no crash hides that something was asked. Until the caller is
 * known nothing of a request is kept, wherever it asked: strangers could fill the disk with it.
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
      // The record goes into the server's log instead, so that even a refused answer leaves a trace.
      (c.get('log') ?? log).error({ err: error, record }, 'The access log can not be written: answers are withheld.');
      await withhold(c);
      return;
    }
    if (!isStream) return;
    const onEnd = (end: BodyEnd, bytes: number, error?: unknown) => {
      // A client that goes away ends what reads for it too, and either may be told first.
      const outcome = c.req.raw.signal.aborted ? 'aborted' : end;
      if (error && !c.req.raw.signal.aborted)
        (c.get('log') ?? log).warn({ err: error, path: c.req.path, bytes }, 'A stream broke off.');
      try {
        const elapsedMs = now().getTime() - askedAt.getTime();
        endRequest(accessDb, id, { outcome, rows: rowsOf(c), bytes, elapsedMs });
      } catch (error) {
        (c.get('log') ?? log).error(
          { err: error, accessLogId: id, outcome, bytes },
          'The access log can not be written.',
        );
      }
    };
    await follow(c, { onEnd, stallMs, cut: cutOf(c) });
  };
}

// These are made whole before they leave. To look at their bodies would make streams of them, which take longer to send.
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
    status: c.res.status,
    userAgent: c.req.header('user-agent') ?? null,
    attempts: null,
    lastAt: null,
  };
}

/** An attempt by the route that it would have had, in the words of the server's own list: the path is the client's. */
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
    // Nobody will read the body of a HEAD, nor end what it reads from.
    await body?.cancel();
    follower.onEnd('complete', 0);
    if (body) c.res = new Response(null, c.res);
    return;
  }
  c.res = new Response(followBody(body, follower), c.res);
}

/** Ends the client's connection; undefined where there is none, as in a test. */
function cutOf(c: Context): (() => void) | undefined {
  const outgoing: unknown = c.env?.outgoing;
  return outgoing instanceof ServerResponse ? () => outgoing.destroy() : undefined;
}

/** Puts a problem in the answer's place. Nothing of that stays, neither its headers nor its cookies. */
async function withhold(c: Context<AccessEnv>): Promise<void> {
  await c.res.body?.cancel();
  c.res = undefined;
  c.res = denialResponse({
    status: 503,
    title: 'Not recorded',
    detail:
      'Every answer goes into the access log, and that can not be written. The reason is in the log of the server; try again later.',
    headers: { 'retry-after': '30' },
  });
}
