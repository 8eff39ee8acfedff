import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startKeyTrial } from './key-trial.ts';

const SPAN = ['--from', '2020-01-01', '--to', '2030-01-01'];

describe('an archive that was replaced by an older copy with fewer entries than its key has signed', () => {
  it('can be collected into, but is not signed; every command and exit code reports this', async () => {
    const { call, backup, putBack, signed, at } = await startKeyTrial();
    const { size: k, origin } = await signed();
    await backup('old.db');
    for (let passes = 0; passes < 4; passes++) await call('ingest');
    const { size: n } = await signed();
    expect(n).toBeGreaterThan(k);
    putBack('old.db');
    const record = readFileSync(at('archive-ledger.signed'), 'utf8');
    const refused = new RegExp(
      `its key has signed ${n} leaves, but the file has only \\d+, so .*key renew --after-restore`,
    );

    const pass = await call('ingest');
    expect(pass).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Pass \d+ is complete/m) });
    expect(pass.stdout).toMatch(/^NOT SIGNED: /m);
    expect(pass.stdout).toMatch(refused);
    const json = JSON.parse((await call('ingest', '--json')).stdout);
    expect(json).toMatchObject({ outcome: 'complete', signing: { signedLeaves: null } });
    expect(json.signing.fault).toMatch(refused);
    expect((await signed()).size).toBe(k);
    expect(readFileSync(at('archive-ledger.signed'), 'utf8')).toBe(record);

    const status = await call('status');
    expect([status.exitCode, status.stdout]).toEqual([1, expect.stringMatching(/^NOT SIGNED .*its key has signed/m)]);
    expect(JSON.parse((await call('status', '--json')).stdout).signing).toMatchObject({
      ...{ origin, signedLeaves: k },
      fault: expect.stringMatching(refused),
    });
    expect((await call('doctor')).stdout).toMatch(/^FAILED {3}ledger key: .*its key has signed/m);
    expect(await call('verify', '--processes', '1')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        new RegExp(`^NOT INTACT[\\s\\S]*its key has signed ${n} leaves, but the file has only \\d+`),
      ),
    });
    for (const args of [
      ['coverage', '--certificate'],
      ['evidence', ...SPAN, '--output', 'pack.zip'],
      ['key', 'renew'],
    ]) {
      const { exitCode, stderr, stdout } = await call(...args);
      expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 2, stdout: '' });
      expect(stderr).toMatch(refused);
    }
  });

  it('is signed by another key once its owner has recorded the loss; verification with the former key reports exactly that loss', async () => {
    const { call, backup, putBack, signed, at, folder } = await startKeyTrial();
    const before = await signed();
    await backup('old.db');
    await call('ingest');
    writeFileSync(join(folder, 'lost'), readFileSync(at('archive-ledger.signed')));
    const { size: n } = await signed();
    putBack('old.db');
    const renewed = await call('key', 'renew', '--after-restore');
    expect([renewed.exitCode, renewed.stderr]).toEqual([0, '']);
    const says = new RegExp(
      `continues ${before.origin} from size ${before.size}, root \\S+; leaves ${before.size} to ${n - 1} are lost`,
    );
    expect(renewed.stdout).toMatch(says);
    const after = await signed();
    expect(after.origin).not.toBe(before.origin);
    const id = before.origin.slice('ssm-archive/'.length);
    expect(readdirSync(at('.')).filter((name) => name.endsWith('.old'))).toEqual([
      `archive-ledger.${id}.key.old`,
      `archive-ledger.${id}.signed.old`,
    ]);
    expect(renewed.stdout).toContain(`archive-ledger.${id}.key.old`);
    expect(await call('ingest')).toMatchObject({ exitCode: 0 });

    const own = await call('verify', '--key', after.verifierKey, '--processes', '1');
    expect([own.exitCode, own.stdout]).toEqual([0, expect.stringMatching(/^INTACT/)]);
    expect(own.stdout).toMatch(new RegExp(`^Note +${after.origin} ${says.source}$`, 'm'));
    const old = await call('verify', '--key', before.verifierKey, '--processes', '1');
    expect(old.exitCode).toBe(1);
    expect(old.stdout).toMatch(new RegExp(`^NOT INTACT .*\nFirst +${says.source}\nLedger`));
    const lost = await call('verify', '--key', after.verifierKey, '--checkpoint', 'lost', '--processes', '1');
    expect(lost.exitCode).toBe(1);
    expect(lost.stdout).toMatch(
      new RegExp(`^First +the checkpoint .*lost has ${n} leaves, but the archive ${says.source}`, 'm'),
    );
    expect((await call('evidence', ...SPAN, '--output', 'pack.zip')).exitCode).toBe(0);
  });

  it('can still be verified with a checkpoint of the former key, up to the last leaf that this key signed', async () => {
    const { call, backup, putBack, signed, at, folder } = await startKeyTrial();
    writeFileSync(join(folder, 'held'), readFileSync(at('archive-ledger.signed')));
    await backup('old.db');
    await call('ingest');
    putBack('old.db');
    await call('key', 'renew', '--after-restore');
    const { verifierKey } = await signed();
    expect(await call('verify', '--key', verifierKey, '--checkpoint', 'held', '--processes', '1')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/and 1 checkpoint from elsewhere/),
    });
  });

  it('gets no new key if it is another archive', async () => {
    const { call, at } = await startKeyTrial();
    const other = await startKeyTrial();
    rmSync(at('archive.db'));
    copyFileSync(other.at('archive.db'), at('archive.db'));
    const { exitCode, stderr } = await call('key', 'renew', '--after-restore');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/this archive is not a copy of the one that was here/);
  });

  it('is detected by its different leaves, even after it has grown beyond what was signed', async () => {
    const { call, backup, putBack, signed } = await startKeyTrial();
    await backup('old.db');
    await call('ingest');
    const { size: n } = await signed();
    putBack('old.db');
    for (let passes = 0; passes < 3; passes++) await call('ingest');
    const { exitCode, stdout } = await call('ingest');
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`the first ${n} leaves of the file are different ones`)),
    ]);
    expect((await call('verify', '--processes', '1')).exitCode).toBe(1);
    expect((await call('key', 'renew')).exitCode).toBe(2);
    expect((await call('key', 'renew', '--after-restore')).exitCode).toBe(0);
    expect((await call('ingest')).exitCode).toBe(0);
  });
});
