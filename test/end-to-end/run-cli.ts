import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { COMPILED } from '../cli/run-cli.ts';
import { onTestEnd } from '../on-test-end.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

/** A simulated service on the real clock, and the environment that a user would set to collect from the service. */
export interface Setting {
  simulator: Simulator;
  folder: string;
  archive: string;
  env: Record<string, string>;
}

/** Registers a function to call at the end of the test, or of the file if its tests share what they start. */
export type OnEnd = (end: () => void | Promise<void>) => void;

/** Starts the service, and makes a folder for the archive. Both are removed when the test ends. */
export async function startSetting(options: SimulatorOptions = {}, onEnd: OnEnd = onTestEnd): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  const simulator = await startSimulator({ accounts: [{ accountId: ACCOUNT, regions: [REGION] }], ...options });
  onEnd(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });
  const archive = join(folder, 'archive.db');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    NODE_COMPILE_CACHE: COMPILED,
    SSM_ARCHIVE_DB: archive,
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: REGION,
  };
  return { simulator, folder, archive, env };
}

export interface Running {
  child: ChildProcess;
  /** What the command has written to standard error so far. */
  errors(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }>;
}

/** Starts a command, the built CLI by default, as a separate child process. It is killed when the test ends. */
export function start(
  setting: Setting,
  args: string[],
  command: string[] = [process.execPath, 'dist/cli.js'],
  onEnd: OnEnd = onTestEnd,
): Running {
  const [file = '', ...before] = command;
  const child = spawn(file, [...before, ...args], { env: setting.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const ended: Running['ended'] = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  onEnd(() => {
    child.kill('SIGKILL');
  });
  return { child, ended, errors: () => err };
}
