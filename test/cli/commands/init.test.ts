import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readApplicationId } from '../../../src/db/read-application-id.ts';
import { parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { APPLICATION_IDS } from '../../../src/lib/files/application-ids.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { contentsOf, dataOf, writeRecord } from '../making/making-trial.ts';
import { runCli } from '../run-cli.ts';

knowTests();

const isArchive = (path: string) => readApplicationId(path) === APPLICATION_IDS.archive;

describe.concurrent('init', () => {
  it('makes the archive and its key at the configured path, and says what was made and what to do next', async () => {
    const folder = tempFolder();
    const { exitCode, stdout, stderr } = await runCli(folder, ['init'], { SSM_ARCHIVE_DB: 'here/mine.db' });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'here')).sort()).toEqual(['mine-ledger.key', 'mine.db']);
    expect(isArchive(join(folder, 'here', 'mine.db'))).toBe(true);
    expect(stdout).toMatch(/^Archive .*here\/mine\.db: made$/m);
    expect(stdout).toMatch(/^Key .*here\/mine-ledger\.key: made$/m);
    expect(stdout).toContain(String(readVerifierKey(join(folder, 'here', 'mine-ledger.key'))));
    expect(stdout).toMatch(/Next:\n.*ssm-archive doctor[\s\S]*ssm-archive serve/);
    expect((await runCli(folder, ['status'], { SSM_ARCHIVE_DB: 'here/mine.db' })).exitCode).toBe(0);
  });

  it('leaves an existing archive as it is, and does not say that it has made one', async () => {
    const folder = tempFolder();
    await runCli(folder, ['init']);
    const before = contentsOf(join(folder, 'data'));
    const { exitCode, stdout } = await runCli(folder, ['init', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ isArchiveMade: false, isKeyMade: false, setAside: [] });
    expect(contentsOf(join(folder, 'data'))).toEqual(before);
  });

  it('uses an existing key, even if there are also a token file and a file of tokens', async () => {
    const folder = tempFolder();
    await runCli(folder, ['token', 'create', '--name', 'a', '--role', 'reader']);
    writeRecord(dataOf(folder));
    rmSync(join(folder, 'data', 'archive-ledger.signed'));
    const key = readVerifierKey(join(folder, 'data', 'archive-ledger.key'));
    const { exitCode, stdout } = await runCli(folder, ['init', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ isArchiveMade: true, isKeyMade: false, verifierKey: key });
  });

  it('makes no second key for an archive that another key has signed, and exits with code 2', async () => {
    const folder = tempFolder();
    expect((await runCli(folder, ['demo', '--exit', '--invocations', '50'])).exitCode).toBe(0);
    const origin = parseVerifierKey(String(readVerifierKey(join(folder, 'data', 'demo-ledger.key')))).name;
    rmSync(join(folder, 'data', 'demo-ledger.key'));
    const { exitCode, stderr } = await runCli(folder, ['init'], { SSM_ARCHIVE_DB: 'data/demo.db' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`signed by ${origin} until now`);
    expect(existsSync(join(folder, 'data', 'demo-ledger.key'))).toBe(false);
  });

  it('makes one archive and one key if called several times at once, and each call correctly says which of the two it made', async () => {
    const folder = tempFolder();
    const calls = await Promise.all([1, 2, 3, 4].map(() => runCli(folder, ['init', '--json'])));
    expect(calls.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const made = calls.map(({ stdout }) => JSON.parse(stdout));
    expect(new Set(made.map(({ verifierKey }) => verifierKey)).size).toBe(1);
    expect(made.filter(({ isArchiveMade }) => isArchiveMade)).toHaveLength(1);
    expect(made.filter(({ isKeyMade }) => isKeyMade)).toHaveLength(1);
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['archive-ledger.key', 'archive.db']);
  });

  it('makes the file that a symbolic link points to', async () => {
    const folder = tempFolder();
    const data = dataOf(folder);
    mkdirSync(join(folder, 'disk'));
    symlinkSync('../disk/kept.db', join(data, 'archive.db'));
    expect((await runCli(folder, ['init'])).exitCode).toBe(0);
    expect(isArchive(join(folder, 'disk', 'kept.db'))).toBe(true);
  });

  it('exits with code 2 and leaves nothing if its folder cannot be written', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'data'), 'a file in the place of the folder');
    const { exitCode, stderr } = await runCli(folder, ['init']);
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(/\.tmp|^\s+at /m);
    expect(readdirSync(folder)).toEqual(['data']);
  });
});

describe.concurrent('init --new', () => {
  it('sets the old key and its record aside if they show that an archive is missing, deletes nothing, and makes a new key with a new name', async () => {
    const folder = tempFolder();
    const data = dataOf(folder);
    const origin = writeRecord(data, { size: 9 });
    const old = ['archive-ledger.key', 'archive-ledger.signed'].map((name) => readFileSync(join(data, name), 'utf8'));
    const { exitCode, stdout } = await runCli(folder, ['init', '--new', '--json']);
    expect(exitCode).toBe(0);
    const { isArchiveMade, isKeyMade, verifierKey, setAside } = JSON.parse(stdout);
    expect([isArchiveMade, isKeyMade]).toEqual([true, true]);
    expect(parseVerifierKey(verifierKey).name).not.toBe(origin);
    expect(setAside.map(({ from }: { from: string }) => from)).toEqual([
      join(data, 'archive-ledger.key'),
      join(data, 'archive-ledger.signed'),
    ]);
    expect(setAside.map(({ to }: { to: string }) => readFileSync(to, 'utf8'))).toEqual(old);
    expect(existsSync(join(data, 'archive-ledger.signed'))).toBe(false);
    // From here on the archive is like any other.
    expect((await runCli(folder, ['init'])).exitCode).toBe(0);
  });

  it('sets aside an empty file with a -wal, and a record that cannot be read', async () => {
    const folder = tempFolder();
    const data = dataOf(folder);
    writeFileSync(join(data, 'archive.db'), '');
    writeFileSync(join(data, 'archive.db-wal'), 'pages that were written last');
    writeFileSync(join(data, 'archive-ledger.signed'), 'damaged');
    writeRecord(data, { stem: 'other' });
    writeFileSync(join(data, 'archive-ledger.key'), readFileSync(join(data, 'other-ledger.key')));
    const { exitCode, stdout } = await runCli(folder, ['init', '--new', '--json']);
    expect(exitCode).toBe(0);
    const { setAside } = JSON.parse(stdout);
    expect(setAside.map(({ from }: { from: string }) => from.slice(data.length + 1))).toEqual([
      'archive-ledger.key',
      'archive-ledger.signed',
      'archive.db-wal',
      'archive.db',
    ]);
    expect(readFileSync(setAside[2].to, 'utf8')).toBe('pages that were written last');
    expect(isArchive(join(data, 'archive.db'))).toBe(true);
  });

  it('keeps a key that is known to be different from the record’s key', async () => {
    const folder = tempFolder();
    const data = dataOf(folder);
    writeRecord(data);
    writeRecord(data, { stem: 'new' });
    rmSync(join(data, 'new-ledger.signed'));
    writeFileSync(join(data, 'archive-ledger.key'), readFileSync(join(data, 'new-ledger.key')));
    const { stdout } = await runCli(folder, ['init', '--new', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      isKeyMade: false,
      verifierKey: readVerifierKey(join(data, 'new-ledger.key')),
      setAside: [{ from: join(data, 'archive-ledger.signed') }],
    });
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['a file that is not a database', (path) => writeFileSync(path, 'notes'.repeat(99)), /is not a SQLite database/],
    ['a folder', (path) => mkdirSync(path), /is a folder/],
  ])('never touches %s, and says to move it away', async (_what, put, sentence) => {
    const folder = tempFolder();
    const data = dataOf(folder);
    put(join(data, 'archive.db'));
    writeRecord(data);
    const before = contentsOf(data);
    const { exitCode, stderr } = await runCli(folder, ['init', '--new']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain('move the file away');
    expect(contentsOf(data)).toEqual(before);
  });

  it('never touches an existing archive', async () => {
    const folder = tempFolder();
    await runCli(folder, ['init']);
    const before = contentsOf(join(folder, 'data'));
    const { exitCode, stderr } = await runCli(folder, ['init', '--new']);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^There is an archive at /)]);
    expect(contentsOf(join(folder, 'data'))).toEqual(before);
  });
});
