import type { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/** The methods that a path answers, by the app's own routes; none where there is nothing at it. */
export function allowedMethods({ routes }: Hono<AccessEnv>, path: string): string[] {
  const methods = routes
    .filter(({ method, path: pattern }) => method !== 'ALL' && patternOf(pattern).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)];
}

/** A route's path as a pattern: `:name` is one segment, `:name{.+}` all that follow. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = literal.replaceAll(/:\w+\\\{\\\.\\\+\\\}/g, '.+');
  return new RegExp(`^${whole.replaceAll(/:\w+/g, '[^/]+')}$`);
}
