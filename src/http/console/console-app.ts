import type { Hono } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

export type ConsoleApp = Hono<AccessEnv>;
