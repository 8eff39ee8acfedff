import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { EvidenceQuestion } from '../../../src/archive/evidence/evidence.ts';
import { createNoteKey } from '../../../src/ledger/notes/note-key.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { listing, rawCommand, sentCommand } from './commands/command-trial.ts';
import { fetchedOutputs } from './outputs/full-output-trial.ts';
import { packed, pruneOutputsOfOne, unpacked } from './pack-trial.ts';

/** The programs that VERIFY.md names: coreutils, openssl and python3, and the shell for its commands. */
const PROGRAMS = 'bash sha256sum mktemp cut cmp cat rm printf echo openssl python3'.split(' ');

/** A folder with only these programs, for a PATH. */
function onlyThese(): string {
  const bin = join(tempFolder(), 'bin');
  mkdirSync(bin);
  for (const name of PROGRAMS) {
    // The interpreter itself, because `python3` in the PATH may be a script that needs other programs.
    const find = name === 'python3' ? 'python3 -c "import sys; print(sys.executable)"' : `command -v ${name}`;
    const path = execFileSync('sh', ['-c', find], { encoding: 'utf8' }).trim();
    // Some of the programs are built into the shell.
    if (path.startsWith('/')) symlinkSync(path, join(bin, name));
  }
  return bin;
}

/** Runs the commands of VERIFY.md unchanged, step by step until one fails. */
function follow(
  folder: string,
  key = readFileSync(join(folder, 'key.txt'), 'utf8').trim(),
): { status: number | null; said: string } {
  const guide = readFileSync(join(folder, 'VERIFY.md'), 'utf8');
  const steps = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
  expect(steps).toHaveLength(4);
  const PATH = onlyThese();
  let said = '';
  for (const commands of steps) {
    const env = { PATH, HOME: folder, LC_ALL: 'C.UTF-8', KEY: key };
    const { status, stdout, stderr } = spawnSync(join(PATH, 'bash'), ['-c', commands], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    said += stdout + stderr;
    if (status !== 0) return { status, said };
  }
  return { status: 0, said };
}

/** Runs only the step that compares the pack with the ledger, and returns its exit code and its errors. */
function inTheLedger(folder: string): [number | null, string] {
  const step = [...readFileSync(join(folder, 'VERIFY.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)][2]?.[1] ?? '';
  const { status, stderr } = spawnSync('bash', ['-c', step], { cwd: folder, encoding: 'utf8' });
  return [status, stderr];
}

describe('VERIFY.md, followed as written with only the programs that it names', () => {
  it('confirms that a pack is whole, signed, and in the ledger', async () => {
    const { pack } = await packed();
    expect(follow(await unpacked(pack))).toEqual({
      status: 0,
      said: expect.stringMatching(
        /^All files are whole\.\nSHA256SUMS\.note is signed by the key\.\ncoverage-certificate is signed .*\ncheckpoint is signed .*\n9 states are in the ledger ssm-archive\/[0-9a-f]{16}, and 5 outputs belong to them\.\n1 states of commands and 0 senders are in it too\.\nGENUINE: the archive's own key has signed it\.\n$/,
      ),
    });
  });

  it('says only "consistent" if no key was given, and "not genuine" if another key was given', async () => {
    const { pack, summary } = await packed();
    const folder = await unpacked(pack);
    expect(follow(folder, '')).toEqual({
      status: 3,
      said: expect.stringMatching(
        /belong to them\.\n1 states of commands .*\nCONSISTENT, SIGNER NOT CHECKED: set KEY to .*\n$/,
      ),
    });
    const { verifierKey } = createNoteKey(summary.origin, (size) => Buffer.alloc(size, 9));
    expect(follow(folder, verifierKey)).toEqual({
      status: 1,
      said: expect.stringMatching(/\nNOT GENUINE: another key has signed it\.\n$/),
    });
  });

  it('says that outputs are not in a pack that was made without them', async () => {
    const { pack } = await packed({ withoutOutputs: true });
    expect(follow(await unpacked(pack))).toMatchObject({
      status: 0,
      said: expect.stringContaining('5 outputs are not in this pack.'),
    });
  });

  it('says how much of a redacted pack is redacted, and finds a value that was not observed', async () => {
    const { pack } = await packed({ redacted: ['Output', 'Comment'] });
    expect(follow(await unpacked(pack))).toMatchObject({
      status: 0,
      said: expect.stringMatching(/0 outputs are not in this pack\.\n\d\d of their values are redacted\./),
    });
    const folder = await unpacked((await packed({ redacted: ['Output'] })).pack);
    const states = join(folder, 'states.ndjson');
    writeFileSync(states, readFileSync(states, 'utf8').replace('<img src=x', '<img src=y'));
    expect(inTheLedger(folder)).toEqual([1, expect.stringMatching(/a value of leaf \d+ is not the one that was obs/)]);
  });

  it('counts states of commands and senders, says how much of them is redacted, and finds a changed script', async () => {
    const { pack } = await packed({ redacted: ['Parameters', 'Sender'] }, sentCommand);
    expect(follow(await unpacked(pack))).toMatchObject({
      status: 0,
      said: expect.stringMatching(
        /3 states of commands and 1 senders are in it too\.\n2 values of the commands are redacted\.\n1 of all these are withheld whole: .*\nGENUINE: /,
      ),
    });
    const folder = await unpacked((await packed({}, sentCommand)).pack);
    for (const [name, from, to, said] of [
      ['command-states.ndjson', 'srv/cache', 'srv/cachs', /a value of leaf \d+ is not the one that was observed/],
      ['senders.ndjson', 'user/alice', 'user/alicf', /leaf \d+ is not in the ledger/],
    ] as const) {
      const path = join(folder, name);
      const before = readFileSync(path, 'utf8');
      writeFileSync(path, before.replace(from, to));
      expect([name, ...inTheLedger(folder)]).toEqual([name, 1, expect.stringMatching(said)]);
      writeFileSync(path, before);
    }
  });

  it('checks what was fetched: its texts, what a pack withholds of it, and what was pruned', async () => {
    const said = async (
      question: Partial<EvidenceQuestion>,
      prepare: (sqlite: Database) => void | Promise<void> = fetchedOutputs,
    ) => {
      const followed = follow(await unpacked((await packed(question, prepare)).pack));
      expect(followed.status, followed.said).toBe(0);
      return followed.said;
    };
    expect(await said({})).toMatch(/7 full outputs are in it, and their texts are as they were fetched\.\nGENUINE: /);
    expect(await said({ withoutOutputs: true })).toMatch(/7 full outputs .*; their texts are not in this pack\.\nGEN/);
    expect(await said({ redacted: ['Output', 'OutputS3KeyPrefix'] })).toMatch(
      /7 full outputs are in it; their texts are not in this pack\.\n18 values of full outputs are redacted\.\nGENUINE/,
    );
    const pruned = async (sqlite: Database) => {
      fetchedOutputs(sqlite);
      await pruneOutputsOfOne(sqlite);
    };
    expect(await said({}, pruned)).toMatch(/7 full outputs .*\nThe texts of 3 of them were pruned\.\nGENUINE/);
  });

  it.each([
    ['a letter of a text', 'end of it', 'end of is', /the text of leaf \d+ is not the one that was fetched/],
    ['a provenance', '"provenance":"s3"', '"provenance":"get"', /the provenance of leaf \d+ is not the one in the/],
    ['a place', '"bucket":"secret', '"bucket":"sacred', /the digest or place of leaf \d+ is not the one in the ledger/],
    [
      'an opened size',
      '\\"sizeBytes\\":0',
      '\\"sizeBytes\\":1',
      /a value of leaf \d+ is not the one that was observed/,
    ],
    ['a size', ':30000000,"cutBy"', ':30000001,"cutBy"', /the size of leaf \d+ is not the one in the ledger/],
    ['who cut it', '"cutBy":"service"', '"cutBy":null', /the cutBy of leaf \d+ is not the one in the ledger/],
    ['what was pruned', '"isPruned":false', '"isPruned":true', /do not say whether the text of leaf \d+ was pruned/],
    ['a text that is not named', '"file":"outputs/', '"file":"more/', /leaf \d+ names another file than its own/],
  ])('finds in what was fetched that somebody changed %s', async (_, from, to, sentence) => {
    const folder = await unpacked((await packed({}, fetchedOutputs)).pack);
    const names = ['full-outputs.ndjson', ...readdirSync(join(folder, 'outputs')).map((name) => `outputs/${name}`)];
    const name = names.find((one) => readFileSync(join(folder, one), 'utf8').includes(from)) ?? '';
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replace(from, to));
    expect(inTheLedger(folder)).toEqual([1, expect.stringMatching(sentence)]);
  });

  it('finds a text that belongs to nothing', async () => {
    const folder = await unpacked((await packed({}, fetchedOutputs)).pack);
    writeFileSync(join(folder, 'outputs', 'more.txt'), '');
    expect(inTheLedger(folder)).toEqual([1, expect.stringContaining("outputs/'more.txt' belongs to nothing")]);
  });

  it('does not count a parameter that looks like a commitment as redacted', async () => {
    const commands = { commitment: '0'.repeat(64) };
    const { pack } = await packed({}, listing(rawCommand({ Parameters: { commands } })));
    const { status, said } = follow(await unpacked(pack));
    expect([status, said]).toEqual([0, expect.not.stringContaining('redacted')]);
  });

  it('accepts that outputs are missing if their tombstone proves that they were pruned', async () => {
    const { pack } = await packed({}, pruneOutputsOfOne);
    expect(follow(await unpacked(pack))).toMatchObject({
      status: 0,
      said: expect.stringMatching(
        /9 states are in the ledger .*, and 2 outputs belong to them\.\nSome of their outputs were pruned, and tombstones in the ledger say so\.\n1 states of commands .*\nGENUINE: /,
      ),
    });
  });

  it.each([
    ['a file that was changed', 'invocations.csv', /invocations\.csv: FAILED/],
    ['a manifest that was changed', 'manifest.json', /manifest\.json: FAILED/],
  ])('finds %s', async (_, name, said) => {
    const folder = await unpacked((await packed()).pack);
    appendFileSync(join(folder, name), ' ');
    expect(follow(folder)).toMatchObject({ status: 1, said: expect.stringMatching(said) });
  });

  it('finds a file that was added, and shows its name without anything that controls a terminal', async () => {
    const folder = await unpacked((await packed()).pack);
    writeFileSync(join(folder, 'outputs', '\x1b[2Jmore'), '');
    expect(follow(folder)).toEqual({ status: 1, said: `'outputs/\\x1b[2Jmore' was added.\n` });
  });

  it('finds a missing file', async () => {
    const folder = await unpacked((await packed()).pack);
    rmSync(join(folder, 'index.html'));
    expect(follow(folder)).toEqual({ status: 1, said: "'index.html' is missing.\n" });
  });

  it('finds that the checksums were computed again without the key', async () => {
    const folder = await unpacked((await packed()).pack);
    const rows = join(folder, 'invocations.csv');
    writeFileSync(rows, readFileSync(rows, 'utf8').replace('Failed', 'Passed'));
    const sums = join(folder, 'SHA256SUMS');
    const lines = readFileSync(sums, 'utf8').split('\n').slice(0, -1);
    const names = lines.map((line) => line.slice(66));
    writeFileSync(sums, execFileSync('sha256sum', names, { cwd: folder }));
    expect(follow(folder)).toMatchObject({
      status: 1,
      said: expect.stringMatching(/All files are whole[\s\S]*differ/),
    });
  });
});
