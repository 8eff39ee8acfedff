import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { testProgram } from '../../built-program.ts';

/**
 * Starts a parent process that a test can kill, with the program as its child. The child hangs if `begun` names a file,
 * and is idle otherwise.
 */
export function startHost(path: string, { begun = '', args = [] }: { begun?: string; args?: string[] }): ChildProcess {
  const host = spawn(process.execPath, [testProgram('child-host').path, path, begun, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => {
    host.kill('SIGKILL');
  });
  return host;
}
