import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Setting } from '../end-to-end/run-cli.ts';
import { onTestEnd } from '../on-test-end.ts';

/** A user who has only the rights that everybody has. */
const NOBODY = 65_534;
export const isWithoutUsers = process.getuid?.() !== 0 && !process.env.CI;
export const NEEDS_USERS = '(needs root, to be another user)';

export interface Called {
  code: number | null;
  out: string;
  err: string;
}

/**
 * Runs the built command on a setting's archive, and as another user if `isOther`. It runs in a separate folder, whose
 * path replaces FREE in the arguments.
 */
export function call({ env }: Pick<Setting, 'env'>, args: readonly string[], isOther = false): Promise<Called> {
  const free = mkdtempSync(join(tmpdir(), 'ssm-archive-free-'));
  chmodSync(free, 0o777);
  onTestEnd(() => rmSync(free, { recursive: true, force: true }));
  const given = args.map((arg) => arg.replace('FREE', free));
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/cli.js'), ...given], {
    env: { ...env, HOME: free },
    cwd: free,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isOther && { uid: NOBODY, gid: NOBODY }),
  });
  onTestEnd(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/**
 * All files of the archive's folder with their digests, so that a test sees every change of a byte, a file or an owner.
 */
export function folderOf(archive: string, without: RegExp = /^$/): string[] {
  const folder = dirname(archive);
  return readdirSync(folder)
    .filter((name) => !without.test(name))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stat = statSync(path);
      const digest = stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
      return `${name} ${stat.uid} ${stat.ino} ${stat.mtimeMs} ${digest}`;
    });
}

/** Lets everybody read the archive and its files, except the key and tokens, and lets only root write there. */
export function letRead(archive: string): void {
  const folder = dirname(archive);
  for (const name of readdirSync(folder)) if (name.startsWith(basename(archive))) chmodSync(join(folder, name), 0o644);
  chmodSync(folder, 0o555);
}

/** 2 in WAL mode, 1 in rollback mode. */
export function modeOf(archive: string): [number | undefined, number | undefined] {
  const header = readFileSync(archive);
  return [header[18], header[19]];
}
