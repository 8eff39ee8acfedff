import type { MiddlewareHandler } from 'hono';
import { InvalidRequest } from '../api-error.ts';

/** Refuses a body whose content type is not JSON; the framework would ignore such a body. */
export const requireJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (['POST', 'PUT'].includes(c.req.method) && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    throw new InvalidRequest([
      { field: 'body', message: 'must be JSON, with the header content-type: application/json' },
    ]);
  await next();
};
