import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../../../src/archive/make-checkpoint.ts';
import { settleFiles } from '../../../src/archive/own-files/settle-files.ts';
import { openArchive } from '../../../src/db/open.ts';
import { KeyUnusable, openSigner } from '../../../src/ledger/open-signer.ts';
import { isHidden, SigningRefused } from '../../../src/ledger/signing-refused.ts';
import { coverHalf } from '../../cli/proof/marked-archive.ts';
import { bareEnvironment, CLI } from '../../cli/run-cli.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { signingTrial } from './signing-trial.ts';

const NOBODY = 65_534;

describe('who only reads', () => {
  it('needs neither the private key nor its record, and no fault is made of that', (context) => {
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) console.warn('Skipped: that another user reads without the key. Only root can become another user.');
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
    expect(verify.stdout).toMatch(/^Note +The archive is not held to what its key has signed last\. /m);
    expect(verify.stdout).not.toContain('NOT INTACT');
    // Of an archive that has nothing no certificate is signed.
    const again = openArchive(join(folder, 'archive.db'));
    coverHalf(again);
    again.close();
    const certificate = call('coverage', '--certificate');
    expect([certificate.status, certificate.stderr]).toEqual([2, expect.stringMatching(/can't be used: EACCES/)]);
  });

  it('is told from who signs, to whom a key or a record that can’t be read is a fault', () => {
    const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(isHidden(new KeyUnusable('x', { cause }))).toBe(true);
    expect(isHidden(new SigningRefused('x', { cause: new Error('damaged') }))).toBe(false);
    expect(isHidden(cause)).toBe(false);
  });
});

describe('a key', () => {
  it('is not blamed for a full disk', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const make = () =>
      openSigner(join(tempFolder(), 'ledger.key'), () => {
        throw full;
      });
    expect(make).toThrow(full);
  });

  it('is not made where a record tells of an archive that was signed here before', () => {
    const { deps, owner, folder } = signingTrial();
    rmSync(owner.keyPath);
    const empty = openArchive(join(folder, 'new.db'));
    expect(() => makeCheckpoint(empty.sqlite, deps)).toThrow(
      /No key has signed this archive yet, and .* has signed: put/,
    );
    empty.close();
    expect(existsSync(owner.keyPath)).toBe(false);
  });

  it('takes its record along when it is renamed, so that nothing that it signed is forgotten', async () => {
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
