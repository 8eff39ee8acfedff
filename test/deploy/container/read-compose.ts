import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const serviceForm = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }),
  user: z.string().regex(/^\d+:\d+$/),
  read_only: z.literal(true),
  tmpfs: z.tuple([z.string().regex(/^\/tmp:/)]),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  volumes: z.tuple([z.string()]),
  secrets: z.tuple([z.string()]),
  environment: z.record(z.string(), z.string().nullable()),
  ports: z.tuple([z.string()]),
  healthcheck: z.strictObject({
    test: z.array(z.string()),
    interval: z.string(),
    timeout: z.string(),
    start_period: z.string(),
    retries: z.int(),
  }),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().regex(/^\d+m$/),
  mem_limit: z.string().regex(/^\d+g$/),
  pids_limit: z.int(),
});

const composeForm = z.strictObject({
  name: z.string(),
  services: z.strictObject({ 'ssm-archive': serviceForm }),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export type ComposeService = z.output<typeof serviceForm>;

/** Reads the project's compose.yaml. Throws at an unknown key, because no test would cover it. */
export function readCompose(path: string) {
  return composeForm.parse(parse(readFileSync(path, 'utf8')));
}
