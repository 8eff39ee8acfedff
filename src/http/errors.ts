import type { Context } from 'hono';

/** An RFC 9457 problem: what every surface but the AWS endpoint answers where it can't answer what was asked. */
export interface Problem {
  status: 400 | 404 | 405 | 500 | 503;
  title: string;
  detail: string;
}

/** The problem as `application/problem+json`. */
export function problemResponse(c: Context, { status, title, detail }: Problem): Response {
  return c.json({ type: 'about:blank', title, status, detail }, status, { 'content-type': 'application/problem+json' });
}
