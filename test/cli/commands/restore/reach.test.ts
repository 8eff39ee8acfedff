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
import { writeRecord } from '../../making/making-trial.ts';
import { runCli } from '../../run-cli.ts';
import { partsOf, type RestoreTrial, trialOf } from './restore-trial.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(60);
});
afterAll(() => archive.remove());

/** The newest checkpoint that the backup has. */
const newest = () => String(archive.checkpoints.at(-1)?.note);

/** A record that the key has signed so many leaves, with this root. */
function record({ key, record: path }: RestoreTrial, size: number, root: Uint8Array = Buffer.alloc(32, 3)): void {
  const signer = parseSigningKey(readFileSync(key, 'utf8').trim());
  writeFileSync(path, signNote(formatCheckpoint({ origin: signer.name, size, root }), signer));
}

describe('restore says how far back the backup reaches', () => {
  it('in times, leaves and places, and that nobody knows what was signed later where no record says so', async () => {
    const trial = trialOf(archive);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Restored +.*data\/archive\.db, .* from .*backup\.db$/m);
    expect(stdout).toMatch(/^Reaches to +the pass that ended at 20\S+Z; the newest state in it was seen at 20\S+Z$/m);
    expect(stdout).toMatch(/^ +\d{12} \S+: listed completely up to 20\S+Z; .*the service/m);
    expect(stdout).toMatch(/^Lost +not known: no record/m);
    expect(stdout).toMatch(/^Key .* is the key that has signed it$/m);
    expect(stdout).toMatch(/^Not there +.*archive-auth\.db/m);
    const verified = await runCli(trial.folder, ['verify', '--json']);
    expect(verified.exitCode).toBe(0);
  });

  it('it says that nothing that was signed is lost if the record says the same', async () => {
    const trial = trialOf(archive);
    writeFileSync(trial.record, newest());
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Lost        nothing that was signed: ${partsOf(newest()).origin} has signed`);
    expect(stdout).not.toContain('key renew');
  });

  it('it says which leaves are lost if the key has signed more, ends with 1, and names the way out', async () => {
    const trial = trialOf(archive);
    record(trial, 100_000);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(1);
    const [, leaves = ''] = /^Ledger +([\d,]+) leaves/m.exec(stdout) ?? [];
    expect(stdout).toMatch(new RegExp(`^LOST +leaves ${leaves.replaceAll(',', '')} to 99999 are lost: `, 'm'));
    expect(stdout).toContain('ssm-archive key renew --after-restore');
  });

  it('as JSON too', async () => {
    const trial = trialOf(archive);
    record(trial, 100_000);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db', '--json']);
    expect(exitCode).toBe(1);
    const { reach, loss, key, setAside } = JSON.parse(stdout);
    expect(loss).toMatchObject({ kind: 'leaves', from: reach.leaves, to: 99_999, signed: 100_000 });
    expect(reach.checkpoint).toMatchObject({ origin: partsOf(newest()).origin });
    expect([key.state, setAside]).toEqual(['same', []]);
  });

  it('it says that it is another history if the same key has signed others of as many leaves', async () => {
    const trial = trialOf(archive);
    record(trial, partsOf(newest()).size);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^LOST +none of the .* is known to be in it/m)]);
  });

  it('it says that it is another history if another key has signed it', async () => {
    const trial = trialOf(archive);
    writeRecord(trial.data, { size: 4 });
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^LOST +none of the 4 leaves that ssm-archive\/\S+ has signed is known to be in it/m);
    expect(stdout).toMatch(
      /^Key +signed by .* until now, and .*archive-ledger\.key is another key: put it back there, or/m,
    );
  });

  it('it says by which key it was signed if that is missing, without making another', async () => {
    const trial = trialOf(archive);
    rmSync(trial.key);
    const { exitCode, stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`signed by ${partsOf(newest()).origin} until now, and there is no key at ${trial.key}`);
    expect(() => readFileSync(trial.key)).toThrow();
  });

  it('it says that its signature is false if it only names the key, and ends with 1', async () => {
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
    expect(stdout).toMatch(/^KEY +its newest checkpoint names .*, and the signature is false/m);
    expect(stdout).toMatch(/^LOST +none of the 100,000 leaves/m);
  });

  it('it says nothing about loss if the record can not be read', async () => {
    const trial = trialOf(archive);
    writeFileSync(trial.record, 'damaged');
    const { stdout } = await runCli(trial.folder, ['restore', 'backup.db']);
    expect(stdout).toMatch(/^Lost +not known: the record .* can not be read$/m);
  });

  it('it says so for an archive of the first version too, which it does not migrate', async () => {
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
