import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const SHIFT_CLOCK = new URL('shift-clock.mjs', import.meta.url);
const Line = z.looseObject({ msg: z.string(), url: z.string().optional() });

export interface Server {
  /** The server's address, without a slash at its end. */
  url: string;
  archive: string;
  /** Resolves once the server has logged this message this many times. */
  logged(message: string, times?: number): Promise<void>;
  /** Asks the server to stop as its user would, and resolves once it has ended. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  archive: string;
  /** The time on the server's clock at its start. */
  now: Date;
  env?: Record<string, string>;
}

/**
 * Starts the built server on a port of its own, in the archive's folder. No setting or credential of this machine's
 * owner reaches it.
 */
export async function startServer({ archive, now, env = {} }: ServerOptions): Promise<Server> {
  const folder = dirname(archive);
  const clock = `${SHIFT_CLOCK}?ms=${now.getTime() - Date.now()}`;
  const child = spawn(process.execPath, ['--import', clock, join(process.cwd(), 'dist/cli.js'), 'serve'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' },
      ...{ SSM_ARCHIVE_DB: archive, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *', ...env },
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const written: string[] = [];
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  let url = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    written.push(line);
    const { data } = line.startsWith('{') ? Line.safeParse(JSON.parse(line)) : {};
    if (!data) return;
    url = data.url ?? url;
    counts.set(data.msg, (counts.get(data.msg) ?? 0) + 1);
    for (const look of waiting) look();
  });
  // Without this, the server would outlive an interrupted run of the tests.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  }).finally(() => process.off('exit', kill));
  const logged = (message: string, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if ((counts.get(message) ?? 0) < times) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`The server ended:\n${written.join('\n')}`)));
    });
  await logged('Serving.');
  return {
    ...{ url, archive, logged },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
