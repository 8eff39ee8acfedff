import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CliResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Where Node keeps what it has compiled of the built programs, so that each of a run's many hundred starts need not
 * compile them again. npm run build removes it.
 */
export const COMPILED = fileURLToPath(new URL('../../dist/test/compiled', import.meta.url));

/**
 * An environment without credentials, a region, or a metadata service, so that nothing of this machine's owner is used.
 */
export function bareEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    NODE_COMPILE_CACHE: COMPILED,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: `${folder}/no-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${folder}/no-credentials`,
  };
}

/**
 * Runs the built command in this folder to its end, with the bare environment, these variables and this input. It is
 * stopped after 50 seconds. `more` may name another user, and another time in milliseconds.
 */
export function runCli(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
  input: string | Uint8Array = '',
  more: { uid?: number; gid?: number; timeout?: number } = {},
): Promise<CliResult> {
  const options = { cwd: folder, env: { ...bareEnvironment(folder), ...env }, timeout: 50_000, ...more };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) => {
      const code: unknown = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ exitCode: code, stdout, stderr });
      else reject(error);
    });
    // A command that does not read its input may end before all of the input is written.
    child.stdin?.on('error', () => {}).end(input);
  });
}
