import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AccessEnv } from '../../access/caller.ts';

/** What the routes are added to. */
export type ApiApp = OpenAPIHono<AccessEnv>;
