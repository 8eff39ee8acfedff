import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { testProgram } from '../../built-program.ts';

/** Starts a parent that can be killed, with the program as its child: hanging, where a file is named that says so, or idle. */
export function startHost(path: string, { begun = '', args = [] }: { begun?: string; args?: string[] }): ChildProcess {
  const host = spawn(process.execPath, [testProgram('child-host').path, path, begun, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => {
    host.kill('SIGKILL');
  });
  return host;
}
