import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../../src/archive/file/open-archive.ts';
import { createNoteKey } from '../../../../src/ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../../src/ledger/notes/open-signer.ts';
import { STOP_SIGNALS } from '../../../../src/lib/process/stop-signals.ts';
import { asAttacker, type BuiltArchive, buildArchive } from '../../../archive/verify/attacked-archive.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { knowTests, onTestEnd } from '../../../on-test-end.ts';
import { bareEnvironment, CLI, runCli } from '../../run-cli.ts';

knowTests();

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130);
});
afterAll(() => archive.remove());

/** Makes a folder with a copy of the archive where the commands look for it, after `change` was applied to it. */
function folderWith(change: (sqlite: SQLite.Database) => void = () => {}): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'data'));
  const path = join(folder, 'data', 'archive.db');
  writeFileSync(path, archive.bytes);
  const sqlite = new SQLite(path);
  change(sqlite);
  sqlite.close();
  const note = archive.checkpoints.at(-1)?.note ?? '';
  writeFileSync(join(folder, 'checkpoint'), note);
  writeFileSync(
    join(folder, 'forged'),
    note.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`),
  );
  writeFileSync(join(folder, 'garbage'), 'no note');
  return folder;
}

const rename = (sqlite: SQLite.Database) =>
  sqlite.exec("UPDATE invocations SET comment = 'changed' WHERE id = (SELECT max(id) FROM invocations)");

describe.concurrent('verify', () => {
  it('has help with its purpose and its options', async () => {
    const { exitCode, stdout } = await runCli(tempFolder(), ['verify', '--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--checkpoint <file>', '--key <verifier-key>', '--processes <number>', '--json'])
      expect(stdout).toContain(option);
  });

  it('exits 0 for an archive that is intact, with the key and a checkpoint that were kept elsewhere', async () => {
    const key = readVerifierKey(archive.keyPath) ?? '';
    const { exitCode, stdout, stderr } = await runCli(folderWith(), [
      ...['verify', '--key', key, '--checkpoint', 'checkpoint'],
    ]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^INTACT .*archive\.db\nLedger .* leaves, .*\nPruned +\d+ leaves, each under a tombstone of the ledger\nSigned +4 checkpoints of the file, and 1 checkpoint from elsewhere\nCosigned +6 cosignatures by 2 witnesses\n/,
    );
    expect(exitCode).toBe(0);
  });

  it('compares the archive with the published checkpoints, if a place for them is configured', async () => {
    const folder = folderWith();
    writeFileSync(join(folder, 'archive.yaml'), 'checkpointDirectory: kept');
    expect((await runCli(folder, ['verify'])).stdout).toMatch(/^Signed +4 checkpoints of the file$/m);
    mkdirSync(join(folder, 'kept'));
    const note = readFileSync(join(folder, 'checkpoint'));
    for (const name of ['checkpoint', 'checkpoint-2026-03-01', 'checkpoint.tmp', 'other'])
      writeFileSync(join(folder, 'kept', name), note);
    expect((await runCli(folder, ['verify'])).stdout).toMatch(
      /^Signed +4 checkpoints of the file, 2 checkpoints from the archive's checkpoint folder$/m,
    );
    writeFileSync(join(folder, 'kept', 'checkpoint'), readFileSync(join(folder, 'forged')));
    expect(await runCli(folder, ['verify'])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^First +the checkpoint .*kept.checkpoint cannot be believed/m),
    });
  });

  it('counts only valid cosignatures, and does not mention witnesses if there are none', async () => {
    const folder = folderWith((sqlite) =>
      asAttacker(sqlite, () =>
        sqlite.exec("UPDATE ledger_cosignatures SET signature = 'x' WHERE witness = 'witness.example/w1'"),
      ),
    );
    const { stdout } = await runCli(folder, ['verify']);
    expect(stdout).toMatch(/^NOT INTACT [\s\S]*\nCosigned +3 cosignatures by 1 witness\n/);
    const without = tempFolder();
    openArchive(join(without, 'data', 'archive.db')).close();
    const verified = await runCli(without, ['verify']);
    expect(verified.stdout).toMatch(/^CONSISTENT, SIGNER NOT CHECKED/);
    expect(verified.stdout).not.toContain('Cosigned');
  });

  it('exits 1 for an archive that is not intact, and names the first fault', async () => {
    const { exitCode, stdout } = await runCli(folderWith(rename), ['verify']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^NOT INTACT .*\nFirst +revision \d+ of .*: invocations\.comment differs from its last state\n/,
    );
  });

  it('prints the verdict as JSON with --json', async () => {
    const { exitCode, stdout } = await runCli(folderWith(rename), ['verify', '--json', '--processes', '1']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      archive: expect.stringMatching(/archive\.db$/),
      isIntact: false,
      checkpoints: 4,
      cosignatures: 6,
      witnesses: 2,
      faults: [{ what: expect.stringMatching(/invocations\.comment/), leaf: expect.any(Number) }],
    });
  });

  it('exits 1 for a checkpoint that does not fit the archive, or that nobody signed', async () => {
    const older = folderWith((sqlite) => {
      for (const name of sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
        sqlite.exec(`DROP TRIGGER ${name}`);
      sqlite.exec('DELETE FROM ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints)');
    });
    expect((await runCli(older, ['verify', '--checkpoint', 'checkpoint'])).exitCode).toBe(1);
    for (const name of ['forged', 'garbage']) {
      const { exitCode, stdout } = await runCli(folderWith(), ['verify', '--checkpoint', name]);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`the checkpoint ${name} cannot be believed`);
    }
  });

  it('exits 1 if the given key did not sign the newest checkpoint', async () => {
    const { verifierKey } = createNoteKey('stranger', (size) => Buffer.alloc(size, 3));
    const { exitCode, stdout } = await runCli(folderWith(), ['verify', '--key', verifierKey]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/First +the checkpoint of \d+ leaves cannot be believed: None of the given keys has signed/);
  });

  it('exits 2 for a wrong call, such as a wrong key or a missing file', async () => {
    const folder = folderWith();
    const calls = [
      [['--key', 'no key'], /"no key" is not a key/],
      [['--checkpoint', 'missing'], /There is no checkpoint missing/],
      [['--checkpoint', 'data'], /The checkpoint can't be read: data is a folder, not a file\./],
      [['--processes', '0'], /--processes/],
    ] as const;
    for (const [args, sentence] of calls) {
      const { exitCode, stdout, stderr } = await runCli(folder, ['verify', ...args]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(sentence);
    }
    const { exitCode, stderr } = await runCli(tempFolder(), ['verify']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/There is no archive at .*data/),
    });
  });

  it('exits 1 for a file with pages that SQLite can’t read, wherever they are', async () => {
    for (const page of [0, 20, 60]) {
      const folder = folderWith();
      const bytes = readFileSync(join(folder, 'data', 'archive.db'));
      // Damages the page's header. On the first page, the file's header comes before it and stays as it is.
      bytes.fill(0xff, page * 8192 + (page === 0 ? 100 : 0), page * 8192 + 400);
      writeFileSync(join(folder, 'data', 'archive.db'), bytes);
      const { exitCode, stdout, stderr } = await runCli(folder, ['verify']);
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(/NOT INTACT|is damaged/);
      expect(stdout + stderr).not.toMatch(/\n\s+at /);
    }
  });

  it.each(STOP_SIGNALS)('stops on %s, says that it was stopped, and exits 1', async (signal) => {
    const folder = folderWith();
    const child = spawn(process.execPath, [CLI, 'verify'], { cwd: folder, env: bareEnvironment(folder) });
    onTestEnd(() => {
      child.kill('SIGKILL');
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // The verifiers take longer to start than this process takes to notice them.
    const hasVerifiers = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim() !== '';
    while (!hasVerifiers()) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill(signal);
    expect(await ended).toBe(1);
    expect(err).toContain('Stopping. Nothing was changed.');
    expect(err).toContain('Not verified: stopped before the end.');
  });
});
