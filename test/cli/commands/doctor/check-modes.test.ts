import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkFolder } from '../../../../src/archive/evidence/work-folder.ts';
import { checkModes } from '../../../../src/cli/commands/doctor/check-modes.ts';
import { readConfig } from '../../../../src/config/read-config.ts';
import { openArchive } from '../../../../src/db/open.ts';
import { openSigner } from '../../../../src/ledger/notes/open-signer.ts';
import { hostMark } from '../../../../src/lib/process/host-mark.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { runCli } from '../../run-cli.ts';

const YAML = `
checkpointDirectory: kept
reports:
  - { name: what-ran, schedule: "0 6 * * *", directory: delivered, values: { from: -30d } }
`;

/** Makes an installation with a file of each kind, all of one mode, and returns what `doctor` says about them. */
function setUp(mode: number) {
  const cwd = tempFolder();
  for (const folder of ['data', 'kept', 'delivered']) mkdirSync(join(cwd, folder));
  writeFileSync(join(cwd, 'archive.yaml'), YAML);
  openArchive(join(cwd, 'data', 'archive.db')).close();
  openSigner(join(cwd, 'data', 'archive-ledger.key'), randomBytes);
  const others = ['archive-auth.db', 'auth.db', 'archive-access.db', 'archive-ledger.key', 'archive-reports.yaml'];
  const names = ['archive.db', ...others].map((name) => join('data', name));
  const many = ['kept/checkpoint', 'kept/checkpoint-2026-03-01', 'delivered/what-ran-20260331T060000Z.csv'];
  for (const name of [...names, ...many]) {
    writeFileSync(join(cwd, name), '', { flag: 'a' });
    chmodSync(join(cwd, name), mode);
  }
  const modeOf = (name: string) => statSync(join(cwd, name)).mode & 0o777;
  const said = (env: Record<string, string> = {}) => {
    const read = readConfig({ env, cwd, faultOfSchedule: () => undefined });
    return checkModes(read, read.config).map(({ state, detail }) => `${state}: ${detail.replaceAll(`${cwd}/`, '')}`);
  };
  return { cwd, names, many, modeOf, said };
}

describe('doctor', () => {
  it('names each file that others may read, with the command that corrects the file’s mode, and changes no file', async () => {
    const { cwd, said, names, many, modeOf } = setUp(0o644);
    expect(said()).toEqual([
      ...[
        'archive-auth.db',
        'auth.db',
        'archive-access.db',
        'archive-ledger.key',
        'archive.db',
        'archive-reports.yaml',
      ].map((name) => `warning: data/${name} has mode 644. Run: chmod 600 data/${name}`),
      'warning: delivered/what-ran-20260331T060000Z.csv has mode 644. Run: chmod 600 delivered/what-ran-*',
      'warning: 2 files can be read by others, such as kept/checkpoint with mode 644. Run: chmod 600 kept/checkpoint*',
    ]);
    const { stdout, exitCode } = await runCli(cwd, ['doctor'], { AWS_REGION: 'eu-west-1' });
    expect(stdout).toContain(`warning  file modes: ${join(cwd, 'data', 'archive.db')} has mode 644. Run: chmod 600 `);
    // Here the check of credentials fails, but not the check of modes.
    expect({ exitCode, failed: stdout.match(/^FAILED/gm) }).toEqual({ exitCode: 1, failed: ['FAILED'] });
    expect([...names, ...many].map(modeOf)).toEqual([...names, ...many].map(() => 0o644));
  });

  it('accepts that a group may read files if the configuration allows this, but not that it may read secret files', () => {
    const { said } = setUp(0o640);
    expect(said({ SSM_ARCHIVE_FILE_MODE: '0640' })).toEqual(
      ['archive-auth.db', 'auth.db', 'archive-access.db', 'archive-ledger.key'].map(
        (name) => `warning: data/${name} has mode 640. Run: chmod 600 data/${name}`,
      ),
    );
    expect(said()).toContain('warning: data/archive.db has mode 640. Run: chmod 600 data/archive.db');
  });

  it('says whether all modes are as configured, and names an archive that its group should be able to read but can’t', () => {
    const { said } = setUp(0o600);
    expect(said()).toEqual(['ok: new files get 600; no file has a wider mode']);
    expect(said({ SSM_ARCHIVE_FILE_MODE: '0640' })).toEqual([
      "warning: The group of data/archive.db can't read it. Stop the server, and run: chmod 640 data/archive.db",
    ]);
  });

  it('finds a backup in the archive’s folder, quotes a path for the shell, and finds what is left of unfinished packs', () => {
    const { cwd, said } = setUp(0o600);
    const copy = join(cwd, 'data', "it's a copy.db");
    openArchive(copy).close();
    chmodSync(copy, 0o604);
    mkdirSync(join(cwd, 'data', '.evidence-Ab3dEf'));
    mkdirSync(join(cwd, 'data', `.evidence-${hostMark(hostname())}-${process.pid}-alive0`));
    const { remove } = makeWorkFolder(join(cwd, 'data'));
    expect(said()).toHaveLength(3);
    expect(said()).toEqual(
      expect.arrayContaining([
        "warning: data/it's a copy.db has mode 604. Run: chmod 600 'data/it'\\''s a copy.db'",
        expect.stringMatching(/^warning: data\/\.evidence-Ab3dEf was left by .* Run: rm -r data\/\.evidence-Ab3dEf$/),
        expect.stringMatching(/-alive0 was left by/),
      ]),
    );
    remove();
  });
});
