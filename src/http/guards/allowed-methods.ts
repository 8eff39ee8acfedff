import type { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/** Returns the methods that the app's routes allow for a path; empty if no route has the path. */
export function allowedMethods({ routes }: Hono<AccessEnv>, path: string): string[] {
  const methods = routes
    .filter(({ method, path: pattern }) => method !== 'ALL' && patternOf(pattern).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)];
}

/** Returns the path of a route as a pattern: `:name` matches one segment, `:name{.+}` the whole rest. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = literal.replaceAll(/:\w+\\\{\\\.\\\+\\\}/g, '.+');
  return new RegExp(`^${whole.replaceAll(/:\w+/g, '[^/]+')}$`);
}
