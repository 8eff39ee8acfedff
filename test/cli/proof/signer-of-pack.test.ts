import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';
import { archiveIn, MARCH, noteKeyOf, verify, verifyJson } from './marked-archive.ts';

knowTests();

const TRUE_KEY = noteKeyOf(1).verifierKey;
const OTHER_KEY = noteKeyOf(2).verifierKey;

/**
 * Packs of the archive, and of a made-up archive whose key has the same name. Each comes with the checkpoint at which
 * it was signed.
 */
const shared = mkdtempSync(join(tmpdir(), 'ssm-archive-packs-'));
const packs = { genuine: '', forged: '', checkpoint: '', forgedCheckpoint: '' };
beforeAll(async () => {
  const [genuine, forged] = [join(shared, 'genuine'), join(shared, 'forged')];
  for (const [n, folder] of [genuine, forged].entries()) {
    archiveIn(folder, n + 1);
    const { exitCode, stderr } = await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip']);
    expect([exitCode, stderr]).toEqual([0, '']);
  }
  Object.assign(packs, {
    genuine: join(genuine, 'pack.zip'),
    forged: join(forged, 'pack.zip'),
    checkpoint: join(genuine, 'checkpoint-0'),
    forgedCheckpoint: join(forged, 'checkpoint-0'),
  });
});
afterAll(() => rmSync(shared, { recursive: true }));

/** A folder as on somebody else's machine, with this configuration. */
function elsewhere(yaml?: string): string {
  const folder = tempFolder();
  if (yaml !== undefined) writeFileSync(join(folder, 'archive.yaml'), yaml);
  return folder;
}

const pinned = (...keys: string[]) => JSON.stringify({ verify: { keys } });

describe.concurrent('a pack without a key from outside', () => {
  it.each(['genuine', 'forged'] as const)(
    'is only consistent, and makes `verify` exit with code 3: the %s pack',
    async (which) => {
      const { exitCode, first, text } = await verify(elsewhere(), packs[which]);
      expect(exitCode).toBe(3);
      expect(first).toMatch(/^CONSISTENT, SIGNER NOT CHECKED {2}.*pack\.zip/);
      expect(text).not.toContain('GENUINE');
      // The text says what to do, and shows the key that signed the pack, to be compared with one from elsewhere.
      const key = which === 'genuine' ? TRUE_KEY : OTHER_KEY;
      expect(text).toContain(`ssm-archive verify --key ${key} ${packs[which]}`);
      expect(text).toMatch(/the archive's keeper/);
    },
  );

  it('is reported in JSON as consistent, and not as genuine', async () => {
    expect(await verifyJson(elsewhere(), packs.forged)).toMatchObject({
      ...{ exitCode: 3, verdict: 'consistent', isGenuine: false, isKeyTrusted: false, faults: [] },
    });
  });
});

describe.concurrent('a pack that is compared with a key from outside', () => {
  it('is genuine, whether the key comes before the pack or after it', async () => {
    for (const args of [
      ['--key', TRUE_KEY, packs.genuine],
      [packs.genuine, '--key', TRUE_KEY],
      ['--key', OTHER_KEY, '--key', TRUE_KEY, packs.genuine],
      // Earlier documentation had this order.
      [packs.genuine, '--key', OTHER_KEY, TRUE_KEY],
    ])
      expect(await verify(elsewhere(), ...args)).toMatchObject({
        exitCode: 0,
        first: expect.stringMatching(/^GENUINE /),
      });
    expect(await verifyJson(elsewhere(), '--key', TRUE_KEY, packs.genuine)).toMatchObject({
      ...{ exitCode: 0, verdict: 'genuine', isGenuine: true, isKeyTrusted: true },
    });
  });

  it('is not genuine if another key of the same name signed it', async () => {
    const { exitCode, first, text } = await verify(elsewhere(), '--key', TRUE_KEY, packs.forged);
    expect([exitCode, first]).toEqual([1, expect.stringMatching(/^NOT GENUINE/)]);
    expect(text).toContain(`it is signed by ${OTHER_KEY}, which is not one of the keys given`);
    expect(await verifyJson(elsewhere(), '--key', TRUE_KEY, packs.forged)).toMatchObject({
      ...{ exitCode: 1, verdict: 'not-genuine', isGenuine: false },
    });
  });

  it('is genuine if verify.keys of archive.yaml has its key, even without an archive', async () => {
    expect(await verify(elsewhere(pinned(OTHER_KEY, TRUE_KEY)), packs.genuine)).toMatchObject({ exitCode: 0 });
    expect(await verify(elsewhere(pinned(TRUE_KEY)), packs.forged)).toMatchObject({
      ...{ exitCode: 1, first: expect.stringMatching(/^NOT GENUINE/) },
      text: expect.stringContaining('verify.keys'),
    });
    // If a key is given by --key, the keys of archive.yaml do not count.
    expect(await verify(elsewhere(pinned(OTHER_KEY)), '--key', TRUE_KEY, packs.genuine)).toMatchObject({ exitCode: 0 });
  });

  it('is checked even if the configuration has faults; these are reported, and its keys are ignored', async () => {
    const yaml = JSON.stringify({ port: 'x', verify: { keys: [TRUE_KEY] } });
    const { exitCode, stdout, stderr } = await runCli(elsewhere(yaml), ['verify', packs.genuine]);
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^CONSISTENT, SIGNER NOT CHECKED/)]);
    expect(stderr).toMatch(/keys of verify\.keys are ignored.*\n[\s\S]*port: must be a whole number/);
    // With --key, no configuration is needed.
    const given = await runCli(elsewhere(yaml), ['verify', '--key', TRUE_KEY, packs.genuine]);
    expect([given.exitCode, given.stderr]).toEqual([0, '']);
  });
});

describe.concurrent('a pack that is compared with a checkpoint from outside', () => {
  it('is genuine if the key of the checkpoint signed the pack, and not if another key did', async () => {
    expect(await verify(elsewhere(), packs.genuine, '--checkpoint', packs.checkpoint)).toMatchObject({
      ...{ exitCode: 0, first: expect.stringMatching(/^GENUINE /) },
    });
    expect(await verify(elsewhere(), '--checkpoint', packs.checkpoint, packs.forged)).toMatchObject({
      ...{ exitCode: 1, first: expect.stringMatching(/^NOT GENUINE/) },
    });
    const one = await verify(elsewhere(), packs.genuine, '--checkpoint', packs.forgedCheckpoint);
    expect(one).toMatchObject({ exitCode: 1 });
  });
});
