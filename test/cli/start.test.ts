import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainLoad } from '../../src/cli/explain-load.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { bareEnvironment, CLI } from './run-cli.ts';

/** Starts a command as on a machine of another kind: `script` first changes what Node says about itself. */
function startOn(script: string, args: string[]) {
  const folder = tempFolder();
  const preload = `data:text/javascript,${encodeURIComponent(script)}`;
  const env = { ...bareEnvironment(folder), AWS_REGION: 'eu-west-1' };
  const options = { cwd: folder, env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', preload, CLI, ...args], options);
  return { status, stdout, stderr, hasWritten: existsSync(join(folder, 'data', 'archive.db')) };
}

const onNode = (version: string, args: string[]) =>
  startOn(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}', modules: '0' } });
     process.dlopen = () => { console.log('a native module was loaded'); };`,
    args,
  );

describe('a start', () => {
  it.each([['ingest'], ['serve'], ['--help'], ['--version']])(
    'ends with one sentence under a Node that is not supported, before a native module is loaded: %s',
    (command) => {
      const { status, stdout, stderr, hasWritten } = onNode('20.20.2', [command]);
      const sentence = `ssm-archive runs on Node 22 (from 22.15), 24 and 26 or later; this is Node 20.20.2 (${process.execPath}). Start it with one of those, or install one from https://nodejs.org.`;
      // The output of a service goes into a log, in which each line is JSON.
      if (command === 'serve') expect(JSON.parse(stderr)).toMatchObject({ msg: sentence });
      else expect(stderr).toBe(`${sentence}\n`);
      expect({ status, stdout, hasWritten }).toEqual({ status: 2, stdout: '', hasWritten: false });
    },
  );

  it('works on a Node version that does not exist yet', () => {
    expect(onNode('40.1.0', ['--version'])).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([['ingest'], ['serve'], ['demo --exit'], ['token create --name x --role reader']])(
    'ends with one sentence on a system for which the driver has no binary: %s',
    (command) => {
      const { status, stderr } = startOn(
        "Object.defineProperty(process, 'arch', { value: 'riscv64' });",
        command.split(' '),
      );
      expect(stderr).toMatch(/better-sqlite3 has no binary for this system \(\w+-riscv64\)[^\n]*\n$/);
      expect(stderr).not.toContain('    at ');
      expect(status).toBe(2);
    },
  );

  it('says what to do if the native module is for another system or another Node', () => {
    const path = join(tempFolder(), 'better_sqlite3.node');
    writeFileSync(path, 'not of this machine');
    const load = () => createRequire(import.meta.url)(path);
    expect(explained(load)).toMatch(/^better-sqlite3's binary can't be loaded \(.*\)\. .* install again/);
  });

  it('says for which Node the native module was built, if it was built for another one', () => {
    const message =
      "The module '/x/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This version of Node.js requires\nNODE_MODULE_VERSION 137. Please try re-compiling or re-installing\nthe module (for instance, using `npm rebuild` or `npm install`).";
    expect(explainLoad(Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' }))).toBe(
      "better-sqlite3's binary can't be loaded (The module '/x/better_sqlite3.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 115. This version of Node.js requires NODE_MODULE_VERSION 137). It was made for another Node or another system: remove node_modules and install again, on the system that will run it.",
    );
  });

  it('says what to do if the driver is missing', async () => {
    const error: unknown = await import(`${'better-sqlite3'}-that-is-not-there`).catch((failure: unknown) => failure);
    expect(explainLoad(error)).toBeUndefined();
    const missing = Object.assign(new Error("Cannot find package 'better-sqlite3' imported from /x"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    expect(explainLoad(missing)).toMatch(/^The package better-sqlite3 is not installed .*npm ci\.$/);
  });
});

describe('a call that waits for something that never happens', () => {
  it('exits with code 1, and says that its work was not finished', () => {
    const script = `import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      fs.open = () => new Promise(() => {});
      syncBuiltinESMExports();`;
    const { status, stdout, stderr } = startOn(script, ['verify', CLI]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^The work was not finished, .*\n$/);
  });
});

// Nobody may make a file in /proc, not even root.
describe.runIf(process.platform === 'linux')('a user who may not write', () => {
  it.each([['ingest'], ['serve'], ['demo --exit'], ['token create --name x --role reader']])(
    'gets one sentence that names the file, if the home folder is read-only and nothing can be written in data/: %s',
    (command) => {
      const { status, stderr } = spawnSync(process.execPath, [CLI, ...command.split(' ')], {
        cwd: '/proc',
        env: { ...bareEnvironment('/proc'), AWS_REGION: 'eu-west-1', SSM_ARCHIVE_PORT: '0' },
        encoding: 'utf8',
      });
      const last = stderr.trimEnd().split('\n').at(-1);
      expect(last).toMatch(
        / \/proc\/data\/[\w-]+\.db can't be opened for writing: .*\. Check that the path .*may write/,
      );
      expect(stderr).not.toContain('    at ');
      expect(status).toBe(2);
    },
  );
});

function explained(load: () => unknown): string | undefined {
  try {
    load();
  } catch (error) {
    return explainLoad(error);
  }
  return undefined;
}
