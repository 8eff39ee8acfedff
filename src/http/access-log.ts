import { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../access/caller.ts';
import { createRecorder } from '../access/create-recorder.ts';
import type { AccessDb } from '../access/open-access-db.ts';
import { endRequest, type RequestRecord } from '../access/record-request.ts';
import { withoutSecrets } from '../access/without-secrets.ts';
import type { Logger } from '../lib/logger.ts';
import { MINUTE_MS, type Now } from '../lib/time.ts';
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
}

const STALL_MS = MINUTE_MS;

/** What tells nothing of the archive, and the figures that a scraper takes every few seconds. */
const UNRECORDED = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/display', '/favicon.ico'];
const UNRECORDED_FOLDERS = ['/assets/', '/docs/'];

const isQuestion = (path: string) =>
  !UNRECORDED.includes(path) && !UNRECORDED_FOLDERS.some((folder) => path.startsWith(folder));

/**
 * A row of the access log for each answer that a caller got, and for each token that was refused. Stands before the
 * guard. What carries no token at all has no row, nor has a client that is being slowed: strangers could fill the disk.
 *
 * It fails closed: an answer that can't be recorded is not given (503). The row is written before a plain answer leaves,
 * and for a stream as `open` before its first byte, so that no crash hides that something was asked.
 */
export function createAccessLog(deps: AccessLogDeps): MiddlewareHandler<AccessEnv> {
  const { accessDb, now, log, isRecorded = isQuestion, stallMs = STALL_MS } = deps;
  const recorder = createRecorder(accessDb);
  return async (c, next) => {
    if (!isRecorded(c.req.path)) return next();
    const askedAt = now();
    await next();
    if (!c.get('caller') && !c.get('refusedAttempt')) return;
    const isStream = isStreamed(c);
    const record: RequestRecord = {
      ...describe(c, deps, askedAt),
      outcome: isStream ? 'open' : 'complete',
      rows: isStream ? null : rowsOf(c),
      bytes: null,
      elapsedMs: now().getTime() - askedAt.getTime(),
    };
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

function describe(c: Context<AccessEnv>, { isProxyTrusted }: AccessLogDeps, askedAt: Date) {
  const caller = c.get('caller');
  const refused = c.get('refusedAttempt');
  const asked = c.get('asked');
  const { url } = c.req;
  const userAgent = c.req.header('user-agent');
  const queryAt = url.indexOf('?');
  return {
    at: askedAt.toISOString(),
    requestId: c.get('requestId') ?? null,
    caller: caller?.name ?? refused?.name ?? null,
    tokenId: caller?.tokenId ?? refused?.tokenId ?? null,
    role: caller?.role ?? null,
    remoteAddress: clientAddress(c, isProxyTrusted),
    method: c.req.method,
    path: withoutSecrets(c.req.path),
    query: withoutSecrets(asked?.operation ?? (queryAt < 0 ? '' : url.slice(queryAt + 1))),
    sql: asked?.sql === undefined ? null : withoutSecrets(asked.sql),
    params: asked?.params === undefined ? null : withoutSecrets(JSON.stringify(asked.params)),
    status: c.res.status,
    userAgent: userAgent === undefined ? null : withoutSecrets(userAgent),
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
