import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OnEnd, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { until } from '../../until.ts';

/** With fewer open files, Node itself cannot load any file. */
const FEWEST = 22;
const LIMITS = [FEWEST, 24, 25, 26, 27, 28, 30];
const COMMANDS = {
  status: ['status'],
  ingest: ['ingest'],
  sql: ['sql', 'SELECT 1'],
  verify: ['verify', '--processes', '3'],
  reconcile: ['reconcile'],
  backup: ['backup'],
  evidence: ['evidence', '--from', '2020-01-01', '--to', '2040-01-01', '--output'],
};

let setting: Setting;
beforeAll(async () => {
  const ending: (() => void | Promise<void>)[] = [];
  setting = await startSetting({ invocations: 100 }, (end) => ending.push(end));
  expect((await start(setting, ['ingest'], undefined, () => {}).ended).code).toBe(0);
  return async () => {
    for (const end of ending) await end();
  };
});

/**
 * Runs a command that may have this many files open. A shell in a process group of its own runs the command, and
 * finally prints that the shell is still alive.
 */
function under(limit: number, args: string[], onEnd: OnEnd) {
  const command = '(ulimit -n "$0"; exec "$@"); code=$?; echo "survived $code"';
  return start(
    setting,
    [command, String(limit), process.execPath, 'dist/cli.js', ...args],
    ['setsid', 'sh', '-c'],
    onEnd,
  );
}

describe.concurrent.each(LIMITS)('with at most %i open files', (limit) => {
  it.for(Object.entries(COMMANDS))(
    '%s works, or says which limit to raise and exits with code 1, without a stack trace, a wait, or a signal to other processes',
    async ([name, args], { onTestFinished }) => {
      const isFile = name === 'backup' || name === 'evidence';
      const target = join(setting.folder, `${name}-${limit}.${name === 'evidence' ? 'zip' : 'db'}`);
      const { out, err } = await under(limit, isFile ? [...args, target] : args, onTestFinished).ended;
      const code = /survived (\d+)\n$/.exec(out)?.[1];
      expect(out + err).not.toMatch(/\n\s+at |Unexpected failure/);
      if (code === '0') return;
      expect(code).toBe('1');
      // An earlier command had too few files to close the archive properly, so no lock protects the archive while this
      // command reads.
      if (err.includes('was written to while it was read, so the answer may be wrong')) return;
      // At the same time another command collects, and has not signed its pass yet: status finds that, and says it.
      if (name === 'status' && out.includes('NOT SIGNED')) return;
      expect(out + err).toContain(
        `This process may have only ${limit} files open at a time, connections among them, and needs more. Raise the limit to 1024: "ulimit -n 1024"`,
      );
    },
  );
});

/** Enough open files for a server and a few connections. */
const CROWDED = 96;

/** Starts the server with these variables, from a shell that sets the limit and then becomes the server. */
function serveUnder(limit: number, env: Record<string, string>) {
  const command = 'ulimit -n "$0"; exec "$@"';
  const own = { ...setting, env: { ...setting.env, SSM_ARCHIVE_PORT: '0', ...env } };
  return start(own, [command, String(limit), process.execPath, 'dist/cli.js', 'serve'], ['sh', '-c']);
}

describe('a server', () => {
  it.each([30, 40, 48])(
    'names the limit if it may have only %i files open, and either exits with code 1 or keeps running and stops cleanly',
    async (limit) => {
      const { child, ended, errors } = serveUnder(limit, { SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' });
      let hasEnded = false;
      void ended.then(() => {
        hasEnded = true;
      });
      const url = () => /"url":"([^"]+)"/.exec(errors())?.[1];
      // A connection that can't be accepted is closed or has to wait.
      const ask = () => fetch(`${url()}/v1/sql?sql=SELECT+1`, { signal: AbortSignal.timeout(1000) }).catch(() => {});
      await until(async () => {
        if (url() !== undefined) await ask();
        return hasEnded || errors().includes('A reading process could not start.');
      });
      const isServing = !hasEnded;
      child.kill('SIGTERM');
      const { code, err } = await ended;
      expect(err).toContain(`may have only ${limit} files open at a time, connections among them, and needs more.`);
      expect(err).not.toMatch(/\n\s+at /);
      expect(code).toBe(isServing ? 0 : 1);
    },
  );

  it('loses only passes if connections use up all files that it may open, and collects again once the connections are closed', async () => {
    const { child, ended, errors } = serveUnder(CROWDED, { SSM_ARCHIVE_SCHEDULE: '* * * * * *' });
    const count = (text: string) => errors().split(text).length - 1;
    await until(() => count('"Collected."') > 0);
    expect(errors()).toContain(`"msg":"This process may have ${CROWDED} files open at a time.`);
    const port = Number(/"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(errors())?.[1]);
    const sockets = Array.from({ length: 2 * CROWDED }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await until(() => errors().includes('The collector process ended early (spawn'));
    expect(errors()).toContain(`may have only ${CROWDED} files open at a time`);
    for (const socket of sockets) socket.destroy();
    const before = count('"Collected."');
    await until(() => count('"Collected."') > before);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
