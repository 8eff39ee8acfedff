import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Reply } from '../read-pages.ts';

const PYTHON = '/usr/bin/python3';
/** Debian's boto3, for Debian's Python. Another "python3" may come first on PATH. */
const BOTO3 = '/usr/lib/python3/dist-packages/boto3/__init__.py';

/** If boto3 is missing, tests that need it are skipped. CI has it, and runs all of them. */
export const isWithoutBoto = !existsSync(BOTO3) && !process.env.CI;
export const NEEDS_BOTO = '(needs boto3: apt-get install python3-boto3)';

/**
 * Runs a Python program of this folder to its end and parses what it prints. Throws with its error output if it fails.
 */
export async function runPython(program: string, input: unknown, env: Record<string, string> = {}): Promise<unknown> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(PYTHON, [path], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    texts.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    texts.err += chunk;
  });
  child.stdin.on('error', () => {}).end(JSON.stringify(input));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${texts.err}`);
  return JSON.parse(texts.out);
}

/** The faults of these replies according to botocore's own model of the service; each kind of fault once. */
export async function faultsOfReplies(replies: readonly Reply[]): Promise<string[]> {
  const distinct = new Map(replies.map((reply) => [reply.operation + reply.text, reply]));
  const faults = await runPython('validate_replies.py', [...distinct.values()]);
  if (!Array.isArray(faults)) throw new Error('The check by the model printed no list.');
  return faults.map(String);
}
