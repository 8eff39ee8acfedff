import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { sleep } from '../../../src/lib/time.ts';
import { TRINO as TOOL } from '../../deploy/tools.mjs';
import { findJava } from '../find-java.ts';
import { missing } from '../python.ts';
import type { EngineToAsk } from './engine-to-ask.ts';
import { printedDdl, statementsOf } from './printed-ddl.ts';

const LEAST_JAVA = 24;
const java = process.env.ENGINES ? findJava(LEAST_JAVA) : undefined;

/** Trino with its Hive connector, and a catalog of Hive in files. Its server starts for a minute. */
export const TRINO: EngineToAsk = {
  title: 'Trino',
  folder: `it's "q" \`b\` \\ %41 $\{HOME} env=x ;-- é\u{1f680} #&[a]*?{b}`,
  missing: whyNot(),
  async ask(lake, questions, { folder, test }) {
    const url = `http://127.0.0.1:${await freePort()}`;
    const server = startServer(folder, url);
    const kill = () => void server.kill('SIGKILL');
    test.signal.addEventListener('abort', kill);
    try {
      await started(url, server);
      for (const statement of statementsOf(printedDdl('trino', lake))) await ask(url, statement);
      const answers = [];
      for (const question of questions) answers.push(await ask(url, question));
      return answers;
    } finally {
      kill();
    }
  },
};

function whyNot(): string | undefined {
  if (!process.env.ENGINES) return '(only npm run test:engines asks it)';
  return missing(TOOL) ?? (java === undefined ? `(needs Java ${LEAST_JAVA} or later)` : undefined);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function startServer(folder: string, url: string): ChildProcess {
  const catalogs = join(folder, 'catalog');
  mkdirSync(catalogs);
  const config = join(folder, 'config.properties');
  const port = new URL(url).port;
  writeFileSync(
    config,
    `coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${port}
node.internal-address=127.0.0.1
discovery.uri=${url}
query.max-memory-per-node=300MB
memory.heap-headroom-per-node=200MB
`,
  );
  writeFileSync(
    join(catalogs, 'hive.properties'),
    `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local://${folder}/metastore
fs.native-local.enabled=true
local.location=/
`,
  );
  const properties = {
    ...{ 'node.data-dir': folder, 'node.environment': 'test', 'node.id': 'one' },
    ...{ 'plugin.dir': join(TOOL.path, 'plugin'), config, 'catalog.config-dir': catalogs },
  };
  const args = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  return spawn(
    java ?? 'java',
    [
      '-Xmx1G',
      '-XX:+UseSerialGC',
      '--add-modules',
      'jdk.incubator.vector',
      '--sun-misc-unsafe-memory-access=allow',
    ].concat(args, ['-cp', `${TOOL.path}/lib/*`, 'io.trino.server.TrinoServer']),
    { stdio: 'ignore' },
  );
}

const Reply = z.object({
  nextUri: z.string().optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** Resolves once the server answers a question. Rejects if it ends before. */
async function started(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const isUp = await ask(url, 'SELECT 1').then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(1000);
  }
  throw new Error(`Trino ended with ${server.exitCode} before it answered`);
}

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'ssm_archive' };
  let reply = Reply.parse(await (await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })).json());
  const rows: unknown[][] = [];
  for (;;) {
    if (reply.error) throw new Error(`${reply.error.message}: ${sql}`);
    for (const row of reply.data ?? []) rows.push(row);
    if (reply.nextUri === undefined) return rows;
    reply = Reply.parse(await (await fetch(reply.nextUri, { headers })).json());
  }
}
