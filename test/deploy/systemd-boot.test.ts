import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, REGION } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { bootMachine, type Machine } from './boot-machine.ts';
import { installPackage } from './install-package.ts';

const STATE = '/var/lib/ssm-archive';
const COUNT = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)';
const BOMBS = [
  { name: 'sorting gigabytes', sql: `${COUNT} SELECT n, hex(randomblob(1000)) AS t FROM c ORDER BY t`, status: 422 },
  { name: 'counting without end', sql: `${COUNT} SELECT max(n) FROM c`, timeoutMs: 1000, status: 504 },
  { name: 'attaching a file', sql: `ATTACH '${STATE}/mine.db' AS mine`, status: 400 },
];

let files = '';
let simulator: Simulator;
let booted: Machine | string = 'the tests have not begun';

function write(path: string, ...lines: string[]): void {
  mkdirSync(join(files, path, '..'), { recursive: true });
  writeFileSync(join(files, path), `${lines.join('\n')}\n`);
}

/** The machine that docs/systemd.md describes, with the tests' changes to the service. */
async function installService(): Promise<void> {
  files = mkdtempSync(join(tmpdir(), 'ssm-archive-files-'));
  // The folder becomes the machine's root, which every user must be able to enter.
  chmodSync(files, 0o755);
  installPackage(files);
  cpSync('deploy/systemd/ssm-archive.service', join(files, 'etc/systemd/system/ssm-archive.service'));
  cpSync('deploy/systemd/ssm-archive.sysusers.conf', join(files, 'etc/sysusers.d/ssm-archive.conf'));
  cpSync('deploy/systemd/first-token.conf', join(files, 'usr/local/share/first-token.conf'));
  // None of this machine's own services may start in the booted machine.
  for (const name of ['timers.target', 'sockets.target'])
    symlinkSync('/dev/null', join(files, 'etc/systemd/system', name));
  write(
    'etc/ssm-archive/ssm-archive.env',
    'SSM_ARCHIVE_PORT=0',
    `AWS_ENDPOINT_URL=${simulator.url}`,
    `AWS_REGION=${REGION}`,
    `AWS_ACCESS_KEY_ID=${ACCOUNT}`,
    'AWS_SECRET_ACCESS_KEY=secret',
  );
  write(
    'etc/systemd/system/ssm-archive.service.d/test.conf',
    '[Service]',
    'RestartSec=100ms',
    // In these tests, a system call that the filter refuses ends the process. Otherwise nobody would notice the
    // refusal.
    'SystemCallErrorNumber=kill',
  );
  // Services that run other commands in the same sandbox.
  for (const [name, command] of Object.entries(COMMANDS)) {
    cpSync('deploy/systemd/ssm-archive.service', join(files, `etc/systemd/system/${name}.service`));
    write(
      `etc/systemd/system/${name}.service.d/test.conf`,
      '[Service]',
      'Type=oneshot',
      'Restart=no',
      'ExecStart=',
      `ExecStart=${command}`,
    );
  }
}

const COMMANDS = {
  demo: `/usr/local/bin/ssm-archive demo --exit --invocations 1000 --db ${STATE}/demo.db`,
  // Each line that this command prints names an action that the sandbox did not prevent.
  intruder: `/bin/sh -c '${[
    'echo x > /etc/ssm-archive/changed && echo wrote to /etc',
    'echo x > /usr/local/bin/changed && echo wrote to /usr',
    `cp /bin/true ${STATE}/true && echo wrote to its own folder`,
    `${STATE}/true && echo ran what it wrote`,
    'cat /etc/shadow && echo read /etc/shadow',
    'ls /root /home && echo saw homes; [ -z "$(ls -A /root /home)" ] && echo homes are empty',
    'cat /proc/1/cmdline && echo saw other processes',
    'unshare --user true && echo made a namespace',
  ].join('; ')}; true' `,
};

/** What the service has logged since its last start, in the order of time. */
async function logOf(machine: Machine, name = 'ssm-archive'): Promise<string> {
  return (await machine.run('journalctl', '--unit', name, '--output', 'cat', '--no-pager')).out;
}

async function settingOf(machine: Machine, name: string, unit = 'ssm-archive'): Promise<string> {
  return (await machine.run('systemctl', 'show', '--property', name, '--value', unit)).out.trim();
}

async function urlOf(machine: Machine): Promise<string> {
  let url: string | undefined;
  await until(async () => {
    const started = (await logOf(machine)).split('Starting ssm-archive.service').at(-1) ?? '';
    url = /"url":"([^"]+)"/.exec(started)?.[1];
    return url !== undefined;
  });
  return url ?? '';
}

async function ask(
  url: string,
  sql: string,
  timeoutMs = 30_000,
  token = '',
): Promise<{ status: number; body: string }> {
  const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) };
  const reply = await fetch(`${url}/v1/sql`, { method: 'POST', headers, body: JSON.stringify({ sql, timeoutMs }) });
  return { status: reply.status, body: await reply.text() };
}

describe('ssm-archive.service, in a machine that runs systemd', () => {
  beforeAll(async () => {
    simulator = await startSimulator({ accounts: [{ accountId: ACCOUNT, regions: [REGION] }], invocations: 200 });
    await installService();
    booted = await bootMachine(files);
    if (typeof booted === 'string') {
      console.warn(`The unit was not run under systemd, only checked by systemd-analyze: ${booted}.`);
      return;
    }
    expect((await booted.run('systemd-sysusers')).code).toBe(0);
    const { code, err } = await booted.run('systemctl', 'start', 'ssm-archive');
    expect(code, `${err}${await logOf(booted)}`).toBe(0);
  });
  afterAll(async () => {
    if (typeof booted !== 'string') await booted.end();
    await simulator.close();
    rmSync(files, { recursive: true });
  });

  const whereItRuns = (name: string, run: (machine: Machine) => Promise<void>) =>
    it(name, async ({ skip }) => (typeof booted === 'string' ? skip(`not run: ${booted}`) : run(booted)));

  whereItRuns('runs as a user of its own, without a privilege, behind a filter of system calls', async (machine) => {
    const pid = await settingOf(machine, 'MainPID');
    const { out: status } = await machine.run('cat', `/proc/${pid}/status`);
    const { out: uid } = await machine.run('id', '--user', 'ssm-archive');
    const is = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    expect(is('Uid')).toBe(uid.trim());
    expect(uid.trim()).not.toBe('0');
    expect([is('CapEff'), is('CapBnd'), is('NoNewPrivs'), is('Seccomp')]).toEqual([
      '0'.repeat(16),
      '0'.repeat(16),
      '1',
      '2',
    ]);
    const { out: mounts } = await machine.run('cat', `/proc/${pid}/mountinfo`);
    expect(mounts).toMatch(/ \/ ro,/);
    expect(mounts).toMatch(/ \/proc .*hidepid=invisible,subset=pid/);
    expect(mounts).toMatch(new RegExp(` ${STATE} rw,nosuid,noexec`));
  });

  whereItRuns('collects into a folder that nobody else may enter', async (machine) => {
    const url = await urlOf(machine);
    await until(async () =>
      (await ask(url, "SELECT count(*) FROM runs WHERE outcome = 'complete'")).body.includes('[[1]]'),
    );
    expect((await ask(url, 'SELECT count(*) > 100 FROM invocations')).body).toContain('"rows":[[1]]');
    const { out } = await machine.run('find', STATE, '-printf', '%M %u %p\\n');
    expect(out).toContain(`drwx------ ssm-archive ${STATE}\n`);
    expect(out).toContain(`-rw------- ssm-archive ${STATE}/archive.db\n`);
    expect(out).not.toMatch(/^.(?!rwx------|rw-------)/m);
  });

  whereItRuns('survives any SQL, under the limits that its shell sets', async (machine) => {
    const url = await urlOf(machine);
    const pid = await settingOf(machine, 'MainPID');
    for (const { name, sql, timeoutMs, status } of BOMBS) {
      expect(await ask(url, sql, timeoutMs), name).toMatchObject({ status });
    }
    expect((await ask(url, 'SELECT 1')).body).toContain('"rows":[[1]]');
    expect(await settingOf(machine, 'MainPID')).toBe(pid);
    const { out: readers } = await machine.run('pgrep', '-f', 'sql-reader');
    const limited = readers
      .trim()
      .split('\n')
      .map((reader) => machine.run('cat', `/proc/${reader}/limits`));
    const limits = (await Promise.all(limited)).map(({ out }) => out);
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) {
      expect(limit).toMatch(/^Max file size +0 /m);
      expect(limit).toMatch(/^Max data size +\d/m);
      expect(limit).toMatch(/^Max cpu time +\d/m);
    }
  });

  whereItRuns('runs the demo under the same sandbox', async (machine) => {
    expect((await machine.run('systemctl', 'start', 'demo')).code, await logOf(machine, 'demo')).toBe(0);
    expect(await logOf(machine, 'demo')).toMatch(/A query to try:/);
  });

  whereItRuns(
    'lets an intruder change only the service’s own folder, and run nothing that is in it',
    async (machine) => {
      expect((await machine.run('systemctl', 'start', 'intruder')).code).toBe(0);
      const done = (await logOf(machine, 'intruder'))
        .split('\n')
        .filter((line) => /^(wrote|ran|read|saw|made|homes)/.test(line));
      expect(done).toEqual(['wrote to its own folder', 'homes are empty']);
    },
  );

  whereItRuns('is restarted after a crash, and not after a fault of the configuration', async (machine) => {
    const killed = await settingOf(machine, 'MainPID');
    await machine.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'ssm-archive');
    await until(async () => !['0', killed].includes(await settingOf(machine, 'MainPID')));
    expect((await ask(await urlOf(machine), 'SELECT 1')).status).toBe(200);
    await machine.run('sh', '-c', 'echo SSM_ARCHIVE_READERS=none >> /etc/ssm-archive/ssm-archive.env');
    await machine.run('systemctl', 'restart', 'ssm-archive');
    await until(async () => (await settingOf(machine, 'ActiveState')) === 'failed');
    expect(await settingOf(machine, 'ExecMainStatus')).toBe('2');
    expect(await logOf(machine)).toContain('SSM_ARCHIVE_READERS');
    await machine.run('sed', '-i', '/READERS/d', '/etc/ssm-archive/ssm-archive.env');
    expect((await machine.run('systemctl', 'start', 'ssm-archive')).code).toBe(0);
  });

  whereItRuns('takes its first token from a credential that only root can read', async (machine) => {
    const dropIn = '/etc/systemd/system/ssm-archive.service.d/first-token.conf';
    await machine.run('install', '-D', '-m', '0644', '/usr/local/share/first-token.conf', dropIn);
    const program = '/usr/local/bin/ssm-archive';
    const secret = (await machine.run(program, 'token', 'create', '--print-only')).out.trim();
    await machine.run('sh', '-c', `umask 077; echo ${secret} > /etc/ssm-archive/first-token`);
    await machine.run('systemctl', 'daemon-reload');
    expect((await machine.run('systemctl', 'restart', 'ssm-archive')).code).toBe(0);
    const url = await urlOf(machine);
    expect(await logOf(machine)).toContain('/run/credentials/ssm-archive.service/first-token');
    expect((await ask(url, 'SELECT 1')).status).toBe(401);
    expect((await ask(url, 'SELECT 1', 30_000, secret)).status).toBe(200);
  });

  whereItRuns(
    'ends all its processes without being killed when it is stopped, and logs that it has stopped',
    async (machine) => {
      await urlOf(machine);
      expect((await machine.run('systemctl', 'stop', 'ssm-archive')).code).toBe(0);
      expect(await settingOf(machine, 'Result')).toBe('success');
      expect(await logOf(machine)).toMatch(/"msg":"Stopped\."[^\n]*\n(?!.*[Kk]ill)/);
      expect((await machine.run('pgrep', '-f', 'node_modules/ssm-archive')).out).toBe('');
    },
  );
});
