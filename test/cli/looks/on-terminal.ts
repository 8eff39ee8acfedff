import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { onTestEnd } from '../../on-test-end.ts';
import { until } from '../../until.ts';
import { bareEnvironment, CLI } from '../run-cli.ts';

/** A call on a terminal of its own, with colours. Standard output and standard error are both that terminal. */
export interface OnTerminal {
  /** Everything that was written so far, unchanged. */
  raw(): string;
  /** What was written so far, without sequences that move the cursor or set colours. */
  text(): string;
  /** Waits until a text is shown. Fails if the call ends before that, or if this much time passes. */
  shows(text: string | RegExp, withinMs?: number): Promise<void>;
  /** Presses Ctrl-C. */
  interrupt(): void;
  ended: Promise<number>;
}

interface Options {
  folder: string;
  columns: number;
  env?: Record<string, string> | undefined;
}

/**
 * Runs the built command on a terminal of this many columns. Its arguments are passed as variables, so a shell does not
 * interpret them.
 */
export function onTerminal(args: readonly string[], { folder, columns, env = {} }: Options): OnTerminal {
  const words = Object.fromEntries([process.execPath, CLI, ...args].map((word, n) => [`WORD${n}`, word]));
  const call = Object.keys(words)
    .map((name) => `"$${name}"`)
    .join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows 40; exec ${call}`, '/dev/null'], {
    cwd: folder,
    env: { ...bareEnvironment(folder), ...env, ...words, TERM: 'xterm-256color' },
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
  });
  // Keys that are pressed after the call has ended have no effect.
  child.stdin.on('error', () => {});
  let isOver = false;
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      isOver = true;
      resolve(code ?? 1);
    });
  });
  onTestEnd(async () => {
    child.kill('SIGHUP');
    await ended;
  });
  const text = () => stripVTControlCharacters(shown).replaceAll('\r\n', '\n').replaceAll('\r', '');
  return {
    raw: () => shown,
    text,
    async shows(wanted, withinMs = 30_000) {
      const isShown = () => (typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text()));
      await until(() => isShown() || isOver, withinMs);
      if (!isShown()) throw new Error(`The call ended without showing ${wanted}:\n${text()}`);
    },
    interrupt: () => void child.stdin.write('\x03'),
    ended,
  };
}

/** The lines that were shown, and the width of the widest line in characters. */
export function widestOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
