import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../../../../src/ledger/notes/checkpoint.ts';
import { parseSigningKey } from '../../../../src/ledger/notes/note-key.ts';
import { signNote } from '../../../../src/ledger/notes/signed-note.ts';
import { packageRoot } from '../../../../src/lib/process/package-root.ts';
import { type BuiltArchive, buildArchive } from '../../../archive/verify/attacked-archive.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { knowTests } from '../../../on-test-end.ts';
import { writeRecord } from '../../making/making-trial.ts';
import { runCli } from '../../run-cli.ts';
import { partsOf, type RestoreTrial, trialOf } from './restore-trial.ts';

knowTests();

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(60);
});
afterAll(() => archive.remove());

/** The newest checkpoint in the backup. */
const newest = () => String(archive.checkpoints.at(-1)?.note);

/** A record that says that the key has signed this many leaves, with this root. */
function record({ key, record: path }: RestoreTrial, size: number, root: Uint8Array = Buffer.alloc(32, 3)): void {
  const signer = parseSigningKey(readFileSync(key, 'utf8').trim());
  writeFileSync(path, signNote(formatCheckpoint({ origin: signer.name, size, root }), signer));
}

describe.concurrent('restore', () => {
  it('says up to which time the backup reaches; without a signing record, it says that later signatures are unknown', async () => {
    const trial = trialOf(archive);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Restored +.*data\/archive\.db, .* from .*backup\.db$/m);
    expect(stdout).toMatch(
      /^Reaches to +the pass that ended at 20\S+Z; the newest state in the backup was seen at 20\S+Z$/m,
    );
    expect(stdout).toMatch(/^ +\d{12} \S+: listed completely up to 20\S+Z; .*the service/m);
    expect(stdout).toMatch(/^Lost +not known: there is no record/m);
    expect(stdout).toMatch(/^Key .* is the key that has signed this backup$/m);
    expect(stdout).toMatch(/^Not there +.*archive-auth\.db/m);
    const verified = await runCli(trial.folder, ['verify', '--json']);
    expect(verified.exitCode).toBe(0);
  });

  it('says that nothing that was signed is lost if the record agrees with the backup', async () => {
    const trial = trialOf(archive);
    writeFileSync(trial.record, newest());
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Lost        nothing that was signed: ${partsOf(newest()).origin} has signed`);
    expect(stdout).not.toContain('key renew');
  });

  it('says which leaves are lost if the key has signed more, exits with code 1, and says what to do', async () => {
    const trial = trialOf(archive);
    record(trial, 100_000);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(1);
    const [, leaves = ''] = /^Ledger +([\d,]+) leaves/m.exec(stdout) ?? [];
    expect(stdout).toMatch(new RegExp(`^LOST +leaves ${leaves.replaceAll(',', '')} to 99999 are lost: `, 'm'));
    expect(stdout).toContain('ssm-archive key renew --after-restore');
  });

  it('reports the same facts as JSON with --json', async () => {
    const trial = trialOf(archive);
    record(trial, 100_000);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db', '--json']);
    expect(exitCode).toBe(1);
    const { reach, loss, key, setAside } = JSON.parse(stdout);
    expect(loss).toMatchObject({ kind: 'leaves', from: reach.leaves, to: 99_999, signed: 100_000 });
    expect(reach.checkpoint).toMatchObject({ origin: partsOf(newest()).origin });
    expect([key.state, setAside]).toEqual(['same', []]);
  });

  it('says that the backup is another history if the key has signed another tree of the same size', async () => {
    const trial = trialOf(archive);
    record(trial, partsOf(newest()).size);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/^LOST +none of the .* is known to be in this backup/m),
    ]);
  });

  it('says that the backup is another history if another key has signed it', async () => {
    const trial = trialOf(archive);
    writeRecord(trial.data, { size: 4 });
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^LOST +none of the 4 leaves that ssm-archive\/\S+ has signed is known to be in this backup/m,
    );
    expect(stdout).toMatch(
      /^Key +signed by .* until now, and .*archive-ledger\.key is another key: put it back there, or/m,
    );
  });

  it('says which key signed the backup if that key is missing, and makes no other key', async () => {
    const trial = trialOf(archive);
    rmSync(trial.key);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`signed by ${partsOf(newest()).origin} until now, and there is no key at ${trial.key}`);
    expect(() => readFileSync(trial.key)).toThrow();
  });

  it('says that the signature is false, and exits with code 1, if only its key’s name is right', async () => {
    const trial = trialOf(archive);
    const sqlite = new SQLite(trial.backup);
    const triggers = sqlite.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
    for (const name of triggers) sqlite.exec(`DROP TRIGGER ${name}`);
    const [id, signature = ''] = [newest().slice(0, -40), newest().slice(-40)];
    const changed = id + signature.replace(/[A-Z]/, (letter) => (letter === 'A' ? 'B' : 'A'));
    sqlite.prepare('UPDATE ledger_checkpoints SET note = ? WHERE size = ?').run(changed, partsOf(newest()).size);
    sqlite.close();
    record(trial, 100_000);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^KEY +the backup's newest checkpoint names .*, but the signature is false/m);
    expect(stdout).toMatch(/^LOST +none of the 100,000 leaves/m);
  });

  it('says nothing about loss if the record cannot be read', async () => {
    const trial = trialOf(archive);
    writeFileSync(trial.record, 'damaged');
    const { stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(stdout).toMatch(/^Lost +not known: the record .* cannot be read$/m);
  });

  it('says up to where an archive of the first version reaches, and does not migrate it', async () => {
    const folder = tempFolder();
    const [first] = readMigrationFiles({ migrationsFolder: join(packageRoot(), 'migrations') });
    const sqlite = new SQLite(join(folder, 'old.db'));
    sqlite.pragma('application_id = 0x73736d41');
    sqlite.exec('CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT, created_at INTEGER) STRICT');
    for (const statement of first?.sql ?? []) sqlite.exec(statement);
    sqlite.prepare('INSERT INTO __drizzle_migrations VALUES (1, ?, ?)').run(first?.hash, first?.folderMillis);
    sqlite.close();
    const { exitCode, stdout } = await runCli(folder, ['restore', 'old.db']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Ledger +0 leaves\nSigned +never$/m)]);
    expect(readFileSync(join(folder, 'data', 'archive.db')).equals(readFileSync(join(folder, 'old.db')))).toBe(true);
  });
});
