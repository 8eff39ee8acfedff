import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { packageRoot } from '../../src/lib/process/package-root.ts';
import { sleep } from '../../src/lib/time.ts';
import { fetchJson } from './fetch-json.ts';
import { CREDENTIALS } from './start-service.ts';

export interface Served {
  url: string;
  pid: number;
  /** The path of the server's file of tokens. */
  authDb: string;
  /** Whether the pass at the server's start is over. */
  hasCollected(): Promise<boolean>;
  end(): Promise<void>;
}

const Runs = z.object({ items: z.array(z.object({ startedAt: z.string(), finishedAt: z.string().nullable() })) });
const LogLine = z.object({ msg: z.string(), url: z.string().optional() });
const LOOK_MS = 100;

/**
 * Starts `ssm-archive serve` as it is installed, on a free port, over an archive, with separate files for tokens and
 * the access log. The server collects once, at its start, from the endpoint in `aws`. Without `aws` that pass fails at
 * once, because there are no credentials, and is over when this resolves.
 */
export async function serveArchive(
  path: string,
  folder: string,
  aws?: Record<string, string>,
  settings: Record<string, string> = {},
): Promise<Served> {
  const own = mkdtempSync(join(folder, 'serve-'));
  const startedAt = new Date().toISOString();
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'cli.js'), 'serve'], {
    cwd: own,
    env: {
      PATH: process.env.PATH,
      HOME: own,
      AWS_REGION: CREDENTIALS.AWS_REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...aws,
      SSM_ARCHIVE_DB: path,
      SSM_ARCHIVE_AUTH_DB: join(own, 'auth.db'),
      SSM_ARCHIVE_ACCESS_DB: join(own, 'access.db'),
      ...settings,
      SSM_ARCHIVE_PORT: '0',
      // A schedule of once in four years, so the only pass is the one at the start.
      SSM_ARCHIVE_SCHEDULE: '0 0 29 2 *',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Stops the server if the benchmark fails.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  const url = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    // Reads the log to its end: otherwise the server would wait until somebody reads it.
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const log = LogLine.safeParse(asJson(line));
      if (log.data?.msg === 'Serving.' && log.data.url !== undefined) resolve(log.data.url);
      if (said.length > 100) said.shift();
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${said.join('\n')}`)));
  });
  const hasCollected = async () => {
    const { items } = Runs.parse(await fetchJson(`${url}/v1/runs?limit=1`));
    return items.some((run) => run.startedAt >= startedAt && run.finishedAt !== null);
  };
  while (aws === undefined && !(await hasCollected())) await sleep(LOOK_MS);
  return {
    ...{ url, pid: child.pid ?? 0, authDb: join(own, 'auth.db'), hasCollected },
    end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
