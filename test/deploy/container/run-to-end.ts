import { spawn } from 'node:child_process';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

interface RunOptions {
  env?: NodeJS.ProcessEnv;
  input?: string;
}

/** Runs a program to its end. */
export function runToEnd(file: string, args: readonly string[], { env, input = '' }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: env ?? process.env });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
    // A program that does not read its input may end before all of the input is written.
    child.stdin.on('error', () => {}).end(input);
  });
}

/** Runs a program that must succeed. Otherwise rejects with what it printed. */
export async function runWell(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, signal, out, err } = await runToEnd(file, args, options);
  if (code === 0) return out;
  throw new Error(`${file} ${args[0]} ended with ${signal ?? code}:\n${out.slice(-3000)}\n${err.slice(-3000)}`);
}
