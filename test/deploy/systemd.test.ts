import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const UNIT = 'deploy/systemd/ssm-archive.service';
const ANALYZE = '/usr/bin/systemd-analyze';
/** The highest exposure that is allowed, times ten: the threshold of `systemd-analyze security` goes up to 100. */
const MOST_EXPOSURE = 12;
const isMissing = !existsSync(ANALYZE) && !process.env.CI;

/** A folder that systemd-analyze takes for a machine's root, with the unit installed as docs/systemd.md says. */
function machineFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'ssm-archive-units-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['etc/systemd/system/ssm-archive.service.d', 'usr/local/bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync(UNIT, join(root, 'etc/systemd/system/ssm-archive.service'));
  copyFileSync(
    'deploy/systemd/first-token.conf',
    join(root, 'etc/systemd/system/ssm-archive.service.d/first-token.conf'),
  );
  writeFileSync(join(root, 'usr/local/bin/ssm-archive'), '#!/bin/sh\n', { mode: 0o755 });
  return root;
}

function verify(root: string) {
  const args = ['verify', '--man=no', '--recursive-errors=no', `--root=${root}`, 'ssm-archive.service'];
  return spawnSync(ANALYZE, args, { encoding: 'utf8' });
}

it('ssm-archive.service allows what V8 and the limits of SQL need: memory for compiled code, and setrlimit', () => {
  const settings = readFileSync(UNIT, 'utf8').replaceAll(/^#.*$/gm, '');
  expect(settings).toContain('SystemCallFilter=@system-service');
  expect(settings).not.toMatch(/MemoryDenyWriteExecute|@resources|LimitDATA|LimitAS/);
});

describe.skipIf(isMissing)(`ssm-archive.service, checked by ${ANALYZE} (Debian: apt-get install systemd)`, () => {
  it('has only settings that systemd knows and accepts, with and without the first token', () => {
    expect(verify(machineFolder())).toMatchObject({ stderr: '', stdout: '', status: 0 });
  });

  it('is refused with a setting that is misspelt', () => {
    const root = machineFolder();
    const path = join(root, 'etc/systemd/system/ssm-archive.service');
    writeFileSync(path, readFileSync(path, 'utf8').replace('ProtectHome', 'ProtectHomes'));
    expect(verify(root).stderr).toContain('ProtectHomes');
  });

  it(`has an exposure of at most ${MOST_EXPOSURE / 10} of 10`, () => {
    const args = ['security', '--offline=yes', '--no-pager', `--threshold=${MOST_EXPOSURE}`, UNIT];
    const { status, stdout } = spawnSync(ANALYZE, args, { encoding: 'utf8' });
    expect(stdout).toContain('Overall exposure level for ssm-archive.service');
    expect(status, stdout).toBe(0);
  });
});
