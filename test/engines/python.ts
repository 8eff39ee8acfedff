import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

/** What a test needs that may be missing: see test/deploy/tools.mjs. */
export interface Tool {
  name: string;
  path: string;
  needs: string;
}

/** Returns why a test is skipped that needs a tool; undefined if the tool is there. */
export function missing({ name, path, needs }: Tool): string | undefined {
  return existsSync(path) ? undefined : `(needs ${name}, which npm run test:engines installs with ${needs})`;
}

/**
 * Runs one of this folder's scripts with packages that are installed in a folder, gives it a task as JSON, and resolves
 * with what it printed as JSON. Rejects with what it said if it fails. It ends with the test, with all its processes.
 */
export function runPython(
  { signal }: Pick<TestContext, 'signal'>,
  script: string,
  packages: string,
  task: unknown,
): Promise<unknown> {
  const path = fileURLToPath(new URL(`scripts/${script}`, import.meta.url));
  const child = spawn('python3', [path], {
    env: { ...process.env, PYTHONPATH: packages, PYTHONUTF8: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  signal.addEventListener('abort', () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')));
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.on('error', () => {}).end(JSON.stringify(task));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(`${script} ended with ${code}: ${said.slice(-4000)}`));
    });
  });
}
