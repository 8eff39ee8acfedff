import type { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/** Returns the methods that a path answers, from the app's own routes; empty if there is no such path. */
export function allowedMethods({ routes }: Hono<AccessEnv>, path: string): string[] {
  const methods = routes
    .filter(({ method, path: pattern }) => method !== 'ALL' && patternOf(pattern).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)];
}

/** Returns a route's path as a pattern: `:name` is one segment, `:name{.+}` is all that follows. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = literal.replaceAll(/:\w+\\\{\\\.\\\+\\\}/g, '.+');
  return new RegExp(`^${whole.replaceAll(/:\w+/g, '[^/]+')}$`);
}
