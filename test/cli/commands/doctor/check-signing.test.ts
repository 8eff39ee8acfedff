import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSigning } from '../../../../src/cli/commands/doctor/check-signing.ts';
import { readConfig } from '../../../../src/config/read-config.ts';
import { createCosigner } from '../../../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey } from '../../../../src/ledger/notes/note-key.ts';
import { openSigner } from '../../../../src/ledger/notes/open-signer.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { runCli } from '../../run-cli.ts';

const seed = (size: number) => Buffer.alloc(size, 7);
const isRoot = process.getuid?.() === 0;

function checksOf(cwd: string, env: Record<string, string> = {}) {
  return checkSigning(readConfig({ env, cwd, faultOfSchedule: () => undefined }).config);
}

describe('the ledger’s key', () => {
  it('is fine if it does not exist but can be made; the check does not make it', () => {
    const folder = tempFolder();
    expect(checksOf(folder)).toEqual([
      {
        what: 'ledger key',
        state: 'ok',
        detail: expect.stringMatching(
          /data\/archive-ledger\.key does not exist yet; "ssm-archive init" or the first checkpoint makes it$/,
        ),
      },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is printed if it can be read, without its private part', () => {
    const folder = tempFolder();
    const { name } = openSigner(join(folder, 'data', 'archive-ledger.key'), seed);
    const [check] = checksOf(folder);
    expect(check).toMatchObject({ state: 'ok', detail: `${join(folder, 'data', 'archive-ledger.key')} is ${name}` });
  });

  it('fails the check if it is not a key, or can’t be made; the check says what to do', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'notes.txt'), 'no key');
    expect(checksOf(folder, { SSM_ARCHIVE_LEDGER_KEY: 'notes.txt' })).toMatchObject([
      { state: 'failed', detail: expect.stringMatching(/notes\.txt can't be used: .* Point SSM_ARCHIVE_LEDGER_KEY/) },
    ]);
    expect(checksOf(folder, { SSM_ARCHIVE_LEDGER_KEY: 'notes.txt/ledger.key' })).toMatchObject([
      {
        state: 'failed',
        detail: expect.stringMatching(
          /ledger\.key can't be made: .*notes\.txt is not a folder\. Let this user write there, or point SSM_ARCHIVE_LEDGER_KEY elsewhere\.$/,
        ),
      },
    ]);
  });
});

describe('the directory of checkpoints', () => {
  it('is fine if it can be written or made; the check does not make it', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'kept'));
    const [, there] = checksOf(folder, { SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'kept' });
    expect(there).toMatchObject({
      what: 'checkpoint directory',
      state: 'ok',
      detail: expect.stringMatching(/written$/),
    });
    const [, missing] = checksOf(folder, { SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'other/kept' });
    expect(missing).toMatchObject({ state: 'ok', detail: expect.stringContaining('does not exist yet') });
    expect(readdirSync(folder)).toEqual(['kept']);
    expect(readdirSync(join(folder, 'kept'))).toEqual([]);
  });

  it('fails if it is a file', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'kept'), '');
    expect(checksOf(folder, { SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'kept' })[1]).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(
        /^Checkpoints can't be written into .*kept: .*kept is not a folder\. Let this user/,
      ),
    });
  });

  it('fails if this user may not write', (context) => {
    if (isRoot)
      console.warn('Skipped: this test needs a user who may not write into a folder. Root may write anywhere.');
    context.skip(isRoot, 'root may write anywhere');
    const folder = tempFolder();
    mkdirSync(join(folder, 'kept'));
    chmodSync(join(folder, 'kept'), 0o500);
    expect(checksOf(folder, { SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'kept' })[1]).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('this user may not write into the folder'),
    });
  });
});

describe('doctor', () => {
  it('says that bucket and witnesses are configured, and sends no request to them', async () => {
    const folder = tempFolder();
    const { signingKey } = createNoteKey('witness.example/w1', seed);
    const { verifierKey } = createCosigner(signingKey, () => new Date());
    // A request to the bucket or to a witness would fail.
    const env = {
      SSM_ARCHIVE_CHECKPOINT_BUCKET: 's3://kept/here',
      SSM_ARCHIVE_WITNESSES: `http://127.0.0.1:1 ${verifierKey}`,
      AWS_REGION: 'eu-west-1',
    };
    const { stdout } = await runCli(folder, ['doctor'], env);
    expect(stdout).toMatch(/^ok {7}checkpoint bucket: s3:\/\/kept\/here\/ is configured; the next pass tries it$/m);
    expect(stdout).toMatch(/^ok {7}witnesses: 1 witness configured: witness\.example\/w1; the next pass tries them$/m);
    expect(stdout).toMatch(/^ok {7}ledger key: /m);
    expect(stdout).toContain('1 check failed.');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});
