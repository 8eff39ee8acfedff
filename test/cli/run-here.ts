import { run } from '../../src/cli/main.ts';
import { endStopSignals } from '../../src/cli/terminal.ts';
import { capturedTerminal } from './captured-terminal.ts';
import { bareEnvironment, type CliResult } from './run-cli.ts';

/**
 * Does what runCli does, but within this process: for calls that start no process of their own and write only to the
 * terminal object. A hundred such calls take as long as a few processes. Two calls must not run at once.
 */
export async function runHere(folder: string, args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  const { terminal, out, err } = capturedTerminal();
  const before = { env: process.env, folder: process.cwd(), exitCode: process.exitCode };
  process.env = { ...bareEnvironment(folder), SSM_ARCHIVE_LOG_LEVEL: 'silent', ...env };
  process.chdir(folder);
  process.exitCode = 0;
  try {
    const exitCode = (await run(args, terminal)) ?? Number(process.exitCode);
    return { exitCode, stdout: out(), stderr: err() };
  } finally {
    process.env = before.env;
    process.chdir(before.folder);
    process.exitCode = before.exitCode;
    endStopSignals();
  }
}
