import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { beginRun, finishRun } from '../../../src/archive/record/record-run.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';
import { archiveSignedBy, noteKeyOf, record, verify, verifyJson } from './marked-archive.ts';

knowTests();

const KEY = noteKeyOf(1).verifierKey;
const OTHER = noteKeyOf(2).verifierKey;

/** An archive without its key's file beside it, as on an auditor's machine. */
function withoutKey(...keys: number[]): string {
  const { folder } = archiveSignedBy(...keys);
  rmSync(join(folder, 'data', 'archive-ledger.key'));
  return folder;
}

describe.concurrent('an archive that nothing from outside confirms', () => {
  it('is only consistent: `verify` exits with code 3, and says which key to pin and where to get it', async () => {
    const folder = withoutKey(1);
    const { exitCode, first, text } = await verify(folder);
    expect(exitCode).toBe(3);
    expect(first).toMatch(/^CONSISTENT, SIGNER NOT CHECKED {2}.*archive\.db$/);
    expect(text).not.toContain('INTACT');
    expect(text).toContain(`ssm-archive verify --key ${KEY}`);
    expect(text).toContain('verify.keys');
    expect(await verifyJson(folder)).toMatchObject({
      ...{ exitCode: 3, verdict: 'consistent', isIntact: false, heldLeaves: 0, signedBy: KEY, faults: [] },
    });
  });

  it('has an unchecked signer if the user may not read the key’s file, and `verify` says so', async () => {
    const { folder } = archiveSignedBy(1);
    const data = join(folder, 'data');
    // Root can read everything, so another user verifies if root runs the tests.
    const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    chmodSync(folder, 0o755);
    chmodSync(data, 0o777);
    chmodSync(join(data, 'archive.db'), 0o644);
    chmodSync(join(data, 'archive-ledger.key'), 'uid' in asUser ? 0o600 : 0);
    const verified = (...args: string[]) => runCli(folder, ['verify', ...args], {}, '', asUser);
    const { exitCode, stdout } = await verified();
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^CONSISTENT, SIGNER NOT CHECKED/);
    expect(stdout).toMatch(/archive-ledger\.key can't be read/);
    expect(await verified('--key', KEY)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^INTACT /) });
  });

  it('has an unchecked signer if it has no checkpoint at all, or no leaves, whatever key is given', async () => {
    const unsigned = tempFolder();
    record(unsigned, ['i-1']);
    const empty = tempFolder();
    openArchive(join(empty, 'data', 'archive.db')).close();
    for (const folder of [unsigned, empty])
      for (const args of [[], ['--key', KEY]]) {
        const { exitCode, first, text } = await verify(folder, ...args);
        expect([exitCode, first]).toEqual([3, expect.stringMatching(/^CONSISTENT, SIGNER NOT CHECKED/)]);
        expect(text).toMatch(/Nobody has signed it/);
      }
  });
});

describe.concurrent('an archive that is compared with a key from outside', () => {
  it('is intact if the key is given by --key, by verify.keys or by the archive’s key file', async () => {
    const beside = archiveSignedBy(1).folder;
    expect(await verify(beside)).toMatchObject({ exitCode: 0, first: expect.stringMatching(/^INTACT /) });
    const folder = withoutKey(1);
    expect(await verify(folder, '--key', KEY)).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ verify: { keys: [OTHER, KEY] } }));
    expect(await verifyJson(folder)).toMatchObject({
      ...{ exitCode: 0, verdict: 'intact', isIntact: true, signedBy: KEY },
    });
  });

  it('is not intact if another key of the same name signed it last, whatever the key’s file says', async () => {
    const { folder } = archiveSignedBy(2);
    for (const args of [['--key', KEY], []]) {
      if (args.length === 0) writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ verify: { keys: [KEY] } }));
      expect(await verify(folder, ...args)).toMatchObject({ exitCode: 1, first: expect.stringMatching(/^NOT INTACT/) });
    }
    expect(await verifyJson(folder)).toMatchObject({ exitCode: 1, verdict: 'not-intact', isIntact: false });
  });

  it('is intact only up to a leaf, which `verify` reports, if entries came after the newest checkpoint', async () => {
    const { folder } = archiveSignedBy(1);
    record(folder, ['i-later', 'i-last']);
    const { size, heldLeaves } = await verifyJson(folder);
    expect(heldLeaves).toBe(Number(size) - 2);
    const { exitCode, first, text } = await verify(folder);
    expect([exitCode, first]).toEqual([0, expect.stringMatching(`^INTACT up to leaf ${Number(size) - 2} of ${size} `)]);
    expect(text).toMatch(/2 leaves after the newest checkpoint; the next checkpoint covers/);
  });
});

describe.concurrent('an archive into which passes collect and which nobody signs', () => {
  it('is only consistent once two passes have ended, because no pass is running then', async () => {
    const { folder } = archiveSignedBy(1);
    const pass = (hour: number) => {
      const db = openArchive(join(folder, 'data', 'archive.db'));
      const at = `2026-03-20T0${hour}:00:00.000Z`;
      finishRun(db.sqlite, beginRun(db.sqlite, { startedAt: at, collector: 'here:1' }), {
        finishedAt: at,
        outcome: 'complete',
      });
      db.close();
    };
    pass(1);
    expect(await verify(folder)).toMatchObject({ exitCode: 0, first: expect.stringMatching(/^INTACT up to leaf /) });
    pass(2);
    const { exitCode, first, text } = await verify(folder);
    expect([exitCode, first]).toEqual([3, expect.stringMatching(/^CONSISTENT, NOT ALL OF IT HELD /)]);
    expect(text).toMatch(/2 passes ended after the newest checkpoint .* and nobody signed what they collected/);
  });
});

describe.concurrent('an archive that is compared with a checkpoint from outside', () => {
  it('is intact if the key of that checkpoint signed the newest one too', async () => {
    const folder = withoutKey(1, 1);
    for (const name of ['checkpoint-0', 'checkpoint-1'])
      expect(await verify(folder, '--checkpoint', name)).toMatchObject({ exitCode: 0 });
    expect(await verify(folder, '--checkpoint', 'checkpoint-0', '--checkpoint', 'checkpoint-1')).toMatchObject({
      exitCode: 0,
    });
  });

  it('is confirmed only up to that checkpoint if another key signed what came after it', async () => {
    const folder = withoutKey(1, 2);
    const size = Number(readFileSync(join(folder, 'checkpoint-0'), 'utf8').split('\n')[1]);
    const { exitCode, first } = await verify(folder, '--checkpoint', 'checkpoint-0');
    expect([exitCode, first]).toEqual([
      3,
      expect.stringMatching(`^CONSISTENT, SIGNER NOT CHECKED AFTER LEAF ${size} `),
    ]);
    expect(await verifyJson(folder, '--checkpoint', 'checkpoint-0')).toMatchObject({ heldLeaves: size });
    expect(await verify(folder, '--checkpoint', 'checkpoint-1')).toMatchObject({ exitCode: 0 });
  });

  it('is compared with each of several checkpoints in one file, and an empty file is not a checkpoint', async () => {
    const folder = withoutKey(1, 1);
    const both = ['checkpoint-0', 'checkpoint-1'].map((name) => readFileSync(join(folder, name), 'utf8'));
    writeFileSync(join(folder, 'both'), both.join(''));
    writeFileSync(join(folder, 'apart'), both.join('\n'));
    for (const name of ['both', 'apart'])
      expect(await verify(folder, '--checkpoint', name)).toMatchObject({
        ...{ exitCode: 0, text: expect.stringContaining('2 checkpoints from elsewhere') },
      });
    writeFileSync(join(folder, 'none'), '\n');
    expect(await verify(folder, '--checkpoint', 'none')).toMatchObject({
      ...{ exitCode: 2, text: expect.stringContaining('none is empty') },
    });
    const forged = both[1]?.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`) ?? '';
    writeFileSync(join(folder, 'one-forged'), (both[0] ?? '') + forged);
    expect(await verify(folder, '--checkpoint', 'one-forged')).toMatchObject({ exitCode: 1 });
  });

  it('is not intact if the checkpoint belongs to another ledger, and `verify` names both ledgers', async () => {
    const folder = withoutKey(1);
    const { folder: other } = archiveSignedBy(3);
    const note = readFileSync(join(other, 'checkpoint-0'), 'utf8').replaceAll('0123456789abcdef', 'fedcba9876543210');
    writeFileSync(join(folder, 'foreign'), note);
    const { exitCode, text } = await verify(folder, '--checkpoint', 'foreign');
    expect(exitCode).toBe(1);
    expect(text).toMatch(
      /belongs to the ledger ssm-archive\/fedcba9876543210, but this archive's ledger is ssm-archive\/01234567/,
    );
  });

  it('is not confirmed by checkpoints that the server itself writes beside it, although they are checked', async () => {
    const folder = withoutKey(1);
    copyFileSync(join(folder, 'checkpoint-0'), join(folder, 'data', 'checkpoint'));
    const env = 'checkpointDirectory: data\n';
    writeFileSync(join(folder, 'archive.yaml'), env);
    expect(await verify(folder)).toMatchObject({ exitCode: 3 });
    expect(await verify(folder, '--checkpoint', 'data/checkpoint')).toMatchObject({ exitCode: 0 });
  });
});
