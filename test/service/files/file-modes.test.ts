import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Running, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { until } from '../../until.ts';

const ARCHIVE_YAML = `
reports:
  - { name: what-ran, schedule: "* * * * * *", directory: delivered, values: { from: -30d } }
`;
/** A file that holds secrets is readable only by its owner, even if the group may read other files. */
const SECRET = /^data\/archive-(auth\.db|access\.db|ledger\.key)/;

/** Returns functions that run commands under a umask, all in one folder. */
async function setUp(umask: string, env: Record<string, string>) {
  const setting = await startSetting({ invocations: 60 });
  const { folder } = setting;
  mkdirSync(join(folder, 'work'));
  writeFileSync(join(folder, 'archive.yaml'), ARCHIVE_YAML);
  const within: Setting = {
    ...setting,
    env: {
      ...setting.env,
      ...{ SSM_ARCHIVE_DB: 'data/archive.db', SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'kept', SSM_ARCHIVE_PORT: '0' },
      ...env,
    },
  };
  const shell = `cd ${folder} && umask ${umask} && exec "$0" "$@"`;
  const run = (...args: string[]): Running =>
    start(within, args, ['sh', '-c', shell, process.execPath, join(process.cwd(), 'dist/cli.js')]);
  const done = async (...args: string[]) => {
    const { code, err } = await run(...args).ended;
    expect({ code, err }, args[0]).toMatchObject({ code: 0 });
  };
  return { folder, run, done };
}

/**
 * Returns, for each file and folder in a folder, all permissions that it has had so far. It looks every few
 * milliseconds.
 */
function watchModes(folder: string): Map<string, number> {
  const seen = new Map<string, number>();
  const look = () => {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const mode = statSync(path, { throwIfNoEntry: false })?.mode;
      if (mode !== undefined)
        seen.set(relative(folder, path), (seen.get(relative(folder, path)) ?? 0) | (mode & 0o777));
    }
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // A folder was removed while it was read.
    }
  }, 2);
  onTestFinished(() => clearInterval(timer));
  return seen;
}

it.each([
  ['0', {}, 0o600, 0o700],
  ['022', {}, 0o600, 0o700],
  ['077', { SSM_ARCHIVE_FILE_MODE: '0640' }, 0o640, 0o750],
] as [string, Record<string, string>, number, number][])(
  'under umask %s and with %j, no file that a command or the server makes can ever be read by others',
  async (umask, env, fileMode, folderMode) => {
    const { folder, run, done } = await setUp(umask, env);
    const seen = watchModes(folder);
    await done('ingest');
    await done('token', 'create', '--name', 'me', '--role', 'operator', '--expires', 'never');
    const span = ['--from', '2020-01-01', '--to', '2100-01-01'];
    await Promise.all([
      done('evidence', ...span, '--output', 'work/pack.zip', '--sql', 'SELECT count(*) FROM invocations'),
      done('backup', 'work/backup.db'),
      done('demo', '--exit', '--invocations', '30'),
    ]);

    const server = run('serve');
    const address = () => /"url":"([^"]+)"/.exec(server.errors())?.[1];
    await until(() => address() !== undefined || server.child.exitCode !== null);
    const made = await run('token', 'create', '--name', 'too', '--role', 'operator').ended;
    const headers = { authorization: `Bearer ${made.out.trim()}`, 'content-type': 'application/json' };
    const ask = async (path: string, init: RequestInit = {}) => {
      const reply = await fetch(`${address()}${path}`, { ...init, headers });
      const body = await reply.arrayBuffer();
      expect({ path, status: reply.status, bytes: body.byteLength > 0 }).toMatchObject({ path, bytes: true });
      expect([200, 201], path).toContain(reply.status);
    };
    const report = { description: 'How many.', sql: 'SELECT count(*) AS n FROM invocations', parameters: [] };
    await ask('/v1/reports/how-many', { method: 'PUT', body: JSON.stringify(report) });
    await ask('/v1/coverage/certificate');
    await ask('/v1/evidence?requestedAfter=2020-01-01T00:00:00Z&requestedBefore=2100-01-01T00:00:00Z');
    await until(() => readdirSync(folder).includes('delivered'));
    await until(() => readdirSync(join(folder, 'delivered')).some((name) => name.endsWith('.csv')));
    await until(() => readdirSync(join(folder, 'kept')).length >= 2);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);

    const given = ['archive.yaml', 'work'];
    const wider = [...seen].flatMap(([name, mode]) => {
      const isFolder = statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? (mode & 0o100) !== 0;
      const allowed = isFolder ? folderMode : SECRET.test(name) ? 0o600 : fileMode;
      return given.includes(name) || (mode & ~allowed) === 0 ? [] : [`${name} is ${mode.toString(8)}`];
    });
    expect(wider).toEqual([]);
    // The test has seen at least one file of each kind.
    const names = [...seen.keys()].map((name) => name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '<id>'));
    const kinds = [
      ...[
        'archive.db',
        'archive.db-wal',
        'archive.db-shm',
        'archive-auth.db',
        'archive-auth.db-wal',
        'archive-access.db',
      ],
      ...['archive-access.db-shm', 'archive-ledger.key', 'archive-reports.yaml', 'demo.db', 'demo-ledger.key'],
    ].map((name) => `data/${name}`);
    expect(names).toEqual(expect.arrayContaining([...kinds, 'work/pack.zip', 'work/backup.db', 'kept/checkpoint']));
    for (const form of [/^delivered\/what-ran-.*\.csv$/, /^delivered\/what-ran-.*\.json$/, /^kept\/checkpoint-\d/])
      expect(names.some((name) => form.test(name))).toBe(true);

    // Files that the group may read have exactly the configured mode.
    expect(seen.get('data/archive.db')).toBe(fileMode);
    expect(seen.get('data/archive.db-wal')).toBe(fileMode);
    expect(seen.get('work/pack.zip')).toBe(fileMode);
    expect(seen.get('kept/checkpoint')).toBe(fileMode);
  },
);
