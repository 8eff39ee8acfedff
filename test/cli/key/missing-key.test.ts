import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNoteKey } from '../../../src/ledger/notes/note-key.ts';
import { startKeyTrial } from './key-trial.ts';

const SPAN = ['--from', '2020-01-01', '--to', '2030-01-01'];
const stranger = createNoteKey('ssm-archive/stranger', (size) => Buffer.alloc(size, 7));

describe('an archive whose key', () => {
  it.each([
    ['is missing', () => undefined],
    ['was replaced by another key', () => `${stranger.signingKey}\n`],
  ])(
    '%s can be collected into and read, and is never signed by a second key unless the user runs "key renew"',
    async (_, replacement) => {
      const { call, at, signed } = await startKeyTrial();
      const { origin, size } = await signed();
      const key = at('archive-ledger.key');
      renameSync(key, at('elsewhere'));
      const other = replacement();
      if (other !== undefined) writeFileSync(key, other, { mode: 0o600 });
      const sentence = new RegExp(
        `signed by ${origin} until now, but .*Put the key back, or renew it with "ssm-archive key renew"`,
      );

      for (const args of [
        ['coverage', '--certificate'],
        ['evidence', ...SPAN, '--output', 'pack.zip'],
      ]) {
        const { exitCode, stderr, stdout } = await call(...args);
        expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
      const pass = await call('ingest');
      expect(pass).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Pass \d+ is complete/m) });
      expect(pass.stdout).toMatch(sentence);
      for (const args of [['status'], ['doctor'], ['key', 'show']]) {
        const { exitCode, stdout } = await call(...args);
        expect({ args, exitCode }).toEqual({ args, exitCode: 1 });
        expect(stdout).toMatch(sentence);
      }
      expect((await call('sql', 'SELECT 1')).exitCode).toBe(0);
      expect((await call('verify', '--processes', '1')).exitCode).toBe(other === undefined ? 3 : 1);
      expect(existsSync(key) ? readFileSync(key, 'utf8') : undefined).toBe(other);
      expect((await signed()).size).toBe(size);

      if (other !== undefined) rmSync(key);
      renameSync(at('elsewhere'), key);
      expect((await call('ingest')).exitCode).toBe(0);
      expect((await call('status')).exitCode).toBe(0);
    },
  );

  it('was lost continues after "key renew" with a new key, which names the previous key; nothing is lost', async () => {
    const { call, at, signed } = await startKeyTrial();
    const before = await signed();
    rmSync(at('archive-ledger.key'));
    const { exitCode, stdout } = await call('key', 'renew');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^Says +continues ${before.origin} from size ${before.size}, root .*; nothing that was signed is lost$`,
        'm',
      ),
    );
    const after = await signed();
    expect(await call('ingest')).toMatchObject({ exitCode: 0 });
    expect((await call('verify', '--key', after.verifierKey, '--processes', '1')).exitCode).toBe(0);
    // The former key can't say that the new key continues it. So nobody who knows only the former key can confirm the
    // newest leaves.
    const old = await call('verify', '--key', before.verifierKey, '--processes', '1');
    expect(old.exitCode).toBe(1);
    expect(old.stdout).toContain(
      `${before.origin} has not signed this. Get ${after.verifierKey} from the people who run the archive`,
    );
    const both = await call('verify', '--key', before.verifierKey, '--key', after.verifierKey, '--processes', '1');
    expect(both.exitCode).toBe(0);
  });

  it('is renewed while it still exists has a handover that this key has signed, so that anyone who knows this key can trust the next one', async () => {
    const { call, at, signed } = await startKeyTrial();
    const before = await signed();
    expect((await call('key', 'renew')).stdout).toMatch(/^By +the new key, and the former one$/m);
    await call('ingest');
    const old = await call('verify', '--key', before.verifierKey, '--processes', '1');
    expect([old.exitCode, old.stdout]).toEqual([
      0,
      expect.stringMatching(/^Note .* continues .* nothing that was signed is lost$/m),
    ]);
    // The former key stays, but no longer signs.
    const kept = at(`archive-ledger.${before.origin.slice('ssm-archive/'.length)}.key.old`);
    expect(existsSync(kept)).toBe(true);
    rmSync(at('archive-ledger.key'));
    renameSync(kept, at('archive-ledger.key'));
    expect((await call('ingest')).stdout).toMatch(/^NOT SIGNED: /m);
  });

  it('is exchanged for a key that never signed the archive accepts that key after "key renew"', async () => {
    const { call, at, signed } = await startKeyTrial();
    writeFileSync(at('archive-ledger.key'), `${stranger.signingKey}\n`);
    expect((await call('key', 'renew')).exitCode).toBe(0);
    expect((await signed()).verifierKey).toBe(stranger.verifierKey);
    expect(readFileSync(at('archive-ledger.key'), 'utf8')).toBe(`${stranger.signingKey}\n`);
    expect((await call('ingest')).exitCode).toBe(0);
    expect((await call('verify', '--processes', '1')).exitCode).toBe(0);
  });

  it('has not signed anything yet needs no call of "key renew"', async () => {
    const { call, at } = await startKeyTrial();
    expect(existsSync(at('archive-ledger.key'))).toBe(true);
    const { exitCode, stdout } = await call('key', 'show');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Key +ssm-archive\/[0-9a-f]{16}\+/)]);
  });

  it('was renewed after its backup was made is not taken for another archive', async () => {
    const { call, backup, putBack, signed } = await startKeyTrial();
    const first = await signed();
    await backup('old.db');
    await call('key', 'renew');
    await call('ingest');
    const second = await signed();
    putBack('old.db');
    expect((await call('ingest')).stdout).toMatch(new RegExp(`signed by ${first.origin} until now`));
    expect((await call('key', 'renew')).exitCode).toBe(2);
    const { exitCode, stdout } = await call('key', 'renew', '--after-restore');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `continues ${first.origin} from size ${first.size}, .*leaves ${first.size} to ${second.size - 1} are lost; ${second.origin} had signed them`,
      ),
    );
    expect((await call('ingest')).exitCode).toBe(0);
    for (const { verifierKey } of [first, second])
      expect(await call('verify', '--key', verifierKey, '--processes', '1')).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/^NOT INTACT .*\nFirst +continues /),
      });
  });
});
