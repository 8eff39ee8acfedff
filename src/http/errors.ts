import type { Context } from 'hono';

/** An RFC 9457 problem: the form of all errors for programs, except on the AWS endpoint. */
export interface Problem {
  status: 400 | 404 | 405 | 500 | 501 | 503;
  title: string;
  detail: string;
}

/** Answers with the problem as `application/problem+json`. */
export function problemResponse(c: Context, { status, title, detail }: Problem): Response {
  return c.json({ type: 'about:blank', title, status, detail }, status, { 'content-type': 'application/problem+json' });
}
