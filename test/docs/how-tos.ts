import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = resolve('node_modules/.bin');

/** A part of docs/contributing.md that says how something is added: a diff, and what to run after it. */
export interface HowTo {
  title: string;
  diff: string;
  commands: string[];
}

const HOW_TO = /^### (.+)\n(?:(?!^#)[^\n]*\n)*?```diff\n([\s\S]*?)^```\n(?:(?!^#)[^\n]*\n)*?```sh\n([\s\S]*?)^```\n/gm;

export function howTosOf(page: string): HowTo[] {
  return [...page.matchAll(HOW_TO)].map(([, title = '', diff = '', block = '']) => ({
    ...{ title, diff },
    commands: block.trimEnd().split('\n'),
  }));
}

/**
 * Copies the project into a folder, including changes that are not committed yet. The copy uses the project's installed
 * packages.
 */
export async function copyProject(folder: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    maxBuffer: 16_777_216,
  });
  for (const path of stdout.split('\0').filter(Boolean)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(path, join(folder, path));
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
}

/**
 * Runs a program of the project's packages, or git, in a folder; returns what it printed, or throws an error with all
 * of that.
 */
export async function runIn(folder: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const options = { cwd: folder, env: { HOME, TMPDIR, ...env, PATH: `${BIN}:${PATH}` }, maxBuffer: 67_108_864 };
  try {
    return (await run(program, args, options)).stdout;
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) throw error;
    throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

/** Applies a diff to a copy of the project; git refuses a diff if its context is not in the files. */
export async function applyDiff(folder: string, diff: string, ...options: readonly string[]): Promise<void> {
  const file = join(folder, '..', 'how-to.diff');
  writeFileSync(file, diff);
  await runIn(folder, 'git', ['apply', ...options, file]);
}

/**
 * Returns the diff in the form that fits the project as it is now. Git merges it with the changes since it was written,
 * and finds the versions of files by its `index` lines. Throws if the diff and these changes touch the same lines.
 */
export async function rebaseDiff(folder: string, diff: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  const git = (...args: string[]) => runIn(folder, 'git', args, { GIT_ALTERNATE_OBJECT_DIRECTORIES: stdout.trim() });
  await git('init', '--quiet');
  await git('add', '--all');
  const file = join(folder, '..', 'how-to.diff');
  writeFileSync(file, diff);
  const before = (await git('write-tree')).trim();
  try {
    await git('apply', '--3way', file);
  } catch (error) {
    // Shows both sides of each conflict. The lines of the diff in the page must then be changed by hand.
    throw new Error(`The project has changed where this diff does:\n${await git('diff')}`, { cause: error });
  }
  const rebased = await git('diff', '--cached', '--unified=1', '--abbrev=10', before);
  await git('read-tree', '-u', '--reset', before);
  return rebased;
}
