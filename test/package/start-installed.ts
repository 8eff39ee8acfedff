import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { InstalledPackage } from './install-package.ts';

const DAY_MS = 86_400_000;
const ACCOUNT = '111122223333';

export interface Ran {
  code: number | null;
  /** What the command wrote to standard output and standard error. */
  printed: string;
}

/**
 * A user's folder on a machine on which the package is installed, with a running simulated service, and a server that
 * has collected from it.
 */
export interface InstalledTrial {
  folder: string;
  server: ChildProcess;
  url: string;
  /**
   * Runs a shell command in the folder. It has the variables FROM and TO, a span that is covered, and SERVER and
   * TARBALL.
   */
  run(line: string): Promise<Ran>;
  /** Ends the processes that still run, and removes everything. */
  end(): void;
}

/** Starts the simulator and the server by the installed command, under this Node. */
export async function startInstalled(installed: InstalledPackage, node: string): Promise<InstalledTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-installed-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(node, join(bin, 'node'));
  writeFileSync(join(folder, 'trail.json'), JSON.stringify({ Records: [SEND_EVENT] }));
  const env: Record<string, string> = {
    ...{ PATH: [bin, installed.tools, join(installed.folder, 'node_modules', '.bin')].join(':'), HOME: folder },
    ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'any' },
    ...{ SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' },
    ...{ FROM: dayBefore(20), TO: dayBefore(2), TARBALL: installed.tarball, ...installed.npm },
  };
  const started: ChildProcess[] = [];
  const end = () => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };

  /** Starts a command that keeps running, and resolves with what `form` finds in its output. */
  async function start(args: string[], form: RegExp): Promise<{ child: ChildProcess; found: string }> {
    const child = spawn('ssm-archive', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const printed = printedBy(child);
    let found: string | undefined;
    await until(() => {
      found = form.exec(printed())?.[1];
      if (found === undefined && child.exitCode !== null) throw new Error(`It ended:\n${printed()}`);
      return found !== undefined;
    });
    return { child, found: found ?? '' };
  }

  async function run(line: string): Promise<Ran> {
    const child = spawn('/bin/sh', ['-c', line], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const printed = printedBy(child);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, printed: printed() };
  }

  try {
    const simulate = ['simulate', '--port', '0', '--invocations', '1500'];
    env.AWS_ENDPOINT_URL = (await start(simulate, /listens on (http:\S+)\. In another shell/)).found;
    const { child: server, found: url } = await start(['serve'], /"url":"([^"]+)"[\s\S]*"msg":"Collected\."/);
    env.SERVER = url;
    return { folder, server, url, run, end };
  } catch (error) {
    end();
    throw error;
  }
}

/** An event of CloudTrail, in the form that import-senders reads. */
const SEND_EVENT = {
  ...{ eventID: 'e', eventTime: '2026-03-01T09:30:00Z', eventSource: 'ssm.amazonaws.com', eventName: 'SendCommand' },
  ...{ awsRegion: 'eu-west-1', recipientAccountId: ACCOUNT, userIdentity: { type: 'Root' } },
  responseElements: { command: { commandId: '11111111-2222-4333-8444-555555555555' } },
};

function printedBy(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}
