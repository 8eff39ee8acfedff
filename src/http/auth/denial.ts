import type { Context } from 'hono';

export interface Denial {
  status: 401 | 403 | 413 | 429 | 503;
  title: string;
  detail: string;
  headers?: Record<string, string>;
}

/**
 * Returns a denial as `application/problem+json`, with its own headers and those that are already set in the context.
 */
export function deny(c: Context, denial: Denial): Response {
  const { headers, body } = partsOf(denial);
  return c.body(body, denial.status, headers);
}

/** Like `deny`, but the response has only the headers of the denial. */
export function denialResponse(denial: Denial): Response {
  const { headers, body } = partsOf(denial);
  return new Response(body, { status: denial.status, headers });
}

function partsOf({ status, title, detail, headers }: Denial): { headers: Record<string, string>; body: string } {
  return {
    headers: { ...headers, 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}

const REALM = 'Bearer realm="ssm-archive"';

/** 401 for a request without a token. */
export function denyNoToken(c: Context): Response {
  return deny(c, {
    status: 401,
    title: 'Token needed',
    detail:
      'Send "Authorization: Bearer <token>", or log in at /login. "ssm-archive token create" makes a token on the server.',
    headers: { 'www-authenticate': REALM },
  });
}

/** 401 for a token or session that is not accepted, with a sentence on why. */
export function denyToken(c: Context, detail: string): Response {
  const headers = { 'www-authenticate': `${REALM}, error="invalid_token"` };
  return deny(c, { status: 401, title: 'Token not accepted', detail, headers });
}

/** 429 for an address that has to wait. */
export function denyTooMany(c: Context, waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1000);
  return deny(c, {
    status: 429,
    title: 'Too many failed attempts',
    detail: `Too many wrong tokens came from this address. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  });
}

/** 403 for a request that a page of another site made the browser send. */
export function denyCrossOrigin(c: Context, detail: string): Response {
  return deny(c, { status: 403, title: 'Cross-site request refused', detail });
}
