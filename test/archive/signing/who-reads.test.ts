import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { settleFiles } from '../../../src/archive/file/own-files/settle-files.ts';
import { openArchive } from '../../../src/db/open.ts';
import { KeyUnusable, openSigner, readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { isHidden, SigningRefused } from '../../../src/ledger/notes/signing-refused.ts';
import { bareEnvironment, CLI } from '../../cli/run-cli.ts';
import { runHere } from '../../cli/run-here.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { signingTrial } from './signing-trial.ts';

const NOBODY = 65_534;

describe('a user who only reads', () => {
  it('needs to read neither the private key nor its record, and `verify` does not report that as a fault', (context) => {
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) console.warn('Skipped: verifying as another user without the key. Only root can become another user.');
    context.skip(!isRoot, 'only root can become another user');
    const { folder, sign, db } = signingTrial();
    sign();
    db.sqlite.pragma('journal_mode = DELETE');
    db.close();
    chmodSync(folder, 0o777);
    for (const [name, mode] of [
      ['archive.db', 0o666],
      ['archive-ledger.key', 0o600],
      ['archive-ledger.signed', 0o600],
    ] as const)
      chmodSync(join(folder, name), mode);
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [CLI, ...args], {
        ...{ cwd: folder, uid: NOBODY, gid: NOBODY, encoding: 'utf8' },
        env: { ...bareEnvironment(folder), SSM_ARCHIVE_DB: 'archive.db' },
      });
    const status = call('status');
    expect(status.stderr).toBe('');
    expect([status.status, status.stdout]).toEqual([0, expect.stringMatching(/^Signed +[\d,]+ of /m)]);
    const verify = call('verify', '--processes', '1');
    expect(verify.stderr).toBe('');
    expect(verify.stdout).toMatch(/^Not checked The archive's key .* can't be read by this user/m);
    expect(verify.stdout).toMatch(/^Note +The archive was not compared with what its key signed last\. /m);
    expect(verify.stdout).not.toContain('NOT INTACT');
    const pack = call('evidence', '--from', '2026-01-01', '--to', '2026-01-02', '--allow-empty', '--output', 'p.zip');
    expect([pack.status, pack.stderr]).toEqual([
      2,
      expect.stringMatching(/can't be used: this user may not (read|write)/),
    ]);
  });

  it("is told in one sentence that a key can't be renewed in a read-only folder, and nothing is changed", (context) => {
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) console.warn('Skipped: renewing a key as another user. Only root can become another user.');
    context.skip(!isRoot, 'only root can become another user');
    const { folder, db, files, key } = signingTrial();
    const before = key();
    db.sqlite.pragma('journal_mode = DELETE');
    db.close();
    mkdirSync(join(folder, 'mounted'));
    // An earlier test may have left any umask.
    chmodSync(join(folder, 'mounted'), 0o755);
    renameSync(join(folder, 'archive-ledger.key'), join(folder, 'mounted', 'ledger.key'));
    chmodSync(join(folder, 'mounted', 'ledger.key'), 0o644);
    for (const name of ['archive.db', 'archive-ledger.signed', 'archive-ledger.signed.lock'])
      chmodSync(join(folder, name), 0o666);
    chmodSync(folder, 0o777);
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'key', 'renew', '--after-restore'], {
      ...{ cwd: folder, uid: NOBODY, gid: NOBODY, encoding: 'utf8' },
      env: {
        ...bareEnvironment(folder),
        ...{ SSM_ARCHIVE_DB: 'archive.db', SSM_ARCHIVE_LEDGER_KEY: 'mounted/ledger.key' },
      },
    });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^The new key can't be made in .*: this user may not write into the folder .*mounted\. The previous key stays in use/,
      ),
    ]);
    expect(readVerifierKey(join(folder, 'mounted', 'ledger.key'))).toBe(before);
    expect(files().filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('can verify although the private key’s file is damaged, and is told that nothing was compared with that key', async () => {
    const { folder, db } = signingTrial();
    db.close();
    writeFileSync(join(folder, 'archive-ledger.key'), 'damaged');
    const { exitCode, stdout } = await runHere(folder, ['verify', '--processes', '1'], {
      SSM_ARCHIVE_DB: 'archive.db',
    });
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^CONSISTENT, SIGNER NOT CHECKED /)]);
    expect(stdout).toMatch(/^Not checked The archive's key .* can't be used, so nothing was checked against it\.$/m);
  });

  it('differs from a user who signs, for whom a key or a record that can’t be read is a fault', () => {
    const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(isHidden(new KeyUnusable('x', { cause }))).toBe(true);
    expect(isHidden(new SigningRefused('x', { cause: new Error('damaged') }))).toBe(false);
    expect(isHidden(cause)).toBe(false);
  });
});

describe('a key', () => {
  it('is not named as the cause if the disk is full', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const make = () =>
      openSigner(join(tempFolder(), 'ledger.key'), () => {
        throw full;
      });
    expect(make).toThrow(full);
  });

  it('is not made if a record shows that an archive was signed here before', () => {
    const { deps, owner, folder } = signingTrial();
    rmSync(owner.keyPath);
    const empty = openArchive(join(folder, 'new.db'));
    expect(() => makeCheckpoint(empty.sqlite, deps)).toThrow(
      /No key has signed this archive yet, but .* has signed .* leaves: restore/,
    );
    empty.close();
    expect(existsSync(owner.keyPath)).toBe(false);
  });

  it('keeps its record when it is renamed, so that nothing that it signed is forgotten', async () => {
    const { folder, path, sign, grow, owner, db } = signingTrial();
    grow();
    const { note } = sign();
    db.close();
    const former = join(folder, 'ledger.key');
    renameSync(owner.keyPath, former);
    renameSync(join(folder, 'archive-ledger.signed'), join(folder, 'ledger.signed'));
    const places = [{ file: 'ledgerKey' as const, own: owner.keyPath, former }];
    const { paths, release } = await settleFiles(path, places, () => {});
    release();
    expect(paths.get('ledgerKey')).toBe(owner.keyPath);
    expect(readFileSync(join(folder, 'archive-ledger.signed'), 'utf8')).toBe(note);
  });
});
