import { OpenAPIHono } from '@hono/zod-openapi';
import type { AccessEnv } from '../../access/caller.ts';
import { problemOfFaults } from './problem-of.ts';

/** The app that the routes are added to. */
export type ApiApp = OpenAPIHono<AccessEnv>;

/** Makes an app without routes. If parameters are wrong, it answers with a problem that names them. */
export function newApiApp(): ApiApp {
  return new OpenAPIHono<AccessEnv>({
    defaultHook: (result, c) => (result.success ? undefined : problemOfFaults(c, result.error)),
  });
}
