import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problemOfLargeBody } from './problem-of.ts';

const MOST_BYTES = 1_048_576;

/** Refuses a request whose body is larger than any question: 413, before it is read. */
export function limitBody(): MiddlewareHandler {
  return bodyLimit({ maxSize: MOST_BYTES, onError: (c) => problemOfLargeBody(c, MOST_BYTES) });
}
