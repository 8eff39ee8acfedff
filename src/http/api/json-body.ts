import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { InvalidRequest } from './api-error.ts';
import { problemOfLargeBody } from './problem-of.ts';

const MOST_BYTES = 1_048_576;

/** Refuses a body that is not said to be JSON, which would else be passed over. */
export const requireJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (['POST', 'PUT'].includes(c.req.method) && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    throw new InvalidRequest([
      { field: 'body', message: 'must be JSON, with the header content-type: application/json' },
    ]);
  await next();
};

/** Refuses a request whose body is larger than any question: 413, before it is read. */
export function limitBody(): MiddlewareHandler {
  return bodyLimit({ maxSize: MOST_BYTES, onError: (c) => problemOfLargeBody(c, MOST_BYTES) });
}
