import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { EMPTY_ID, twoCommands } from '../../archive/evidence/commands/command-trial.ts';
import { fetched, output, TEXTS } from '../../archive/evidence/outputs/full-output-trial.ts';
import { pruneOutputsOfOne, unpacked } from '../../archive/evidence/pack-trial.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { runCli } from '../run-cli.ts';

knowTests();

/** Makes a folder with an archive of three invocations of March 2026. */
function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(
    page(['i-1', 'i-2', 'i-3'].map((InstanceId) => rawInvocation({ InstanceId, RequestedDateTime: 1772357400 }))),
  );
  db.close();
  return folder;
}

/** The same folder, with the command of the invocations and one that found no node, as ListCommands shows them. */
function folderWithCommands(): string {
  const folder = folderWithArchive();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  twoCommands(db.sqlite);
  db.close();
  return folder;
}

const MARCH = ['--from', '2026-03-01', '--to', '2026-04-01'];

describe.concurrent('evidence', () => {
  it('makes a pack that `verify` finds genuine, both beside the archive and on another machine', async () => {
    const folder = folderWithArchive();
    const made = await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip', '--json']);
    expect([made.exitCode, made.stderr]).toEqual([0, '']);
    const { verifierKey, ...summary } = JSON.parse(made.stdout);
    expect(summary).toMatchObject({ invocations: 3, states: 3, outputs: 1 });
    expect(readdirSync(folder).sort()).toEqual(['data', 'pack.zip']);

    const elsewhere = tempFolder();
    const pack = join(folder, 'pack.zip');
    const verified = await runCli(elsewhere, ['verify', pack, '--key', verifierKey]);
    expect([verified.exitCode, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toMatch(
      /^GENUINE {6}.*pack\.zip\nCoverage +NOT complete: .*\nHolds +3 invocations, 3 observed states, 1 output\n/,
    );
    expect(verified.stdout).toContain('one of the keys given');
    expect(readdirSync(elsewhere)).toEqual([]);
    // The archive now has a checkpoint, and its other content is unchanged.
    expect((await runCli(folder, ['verify'])).stdout).toMatch(/^INTACT[\s\S]*\nSigned +1 checkpoint of the file/);
  });

  it('says what was run, and redacts scripts if it is told to', async () => {
    const folder = folderWithCommands();
    const made = await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip', '--redact', 'parameters,Sender']);
    expect([made.exitCode, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(
      /\n {10}2 commands, 4 observed states of commands, 1 sender\nRedacted {2}Parameters, Sender;/,
    );
    const { stdout } = await runCli(folder, ['verify', 'pack.zip']);
    expect(stdout).toMatch(/\nWhat was run 2 commands, 4 observed states of commands, 1 sender\n/);
    expect(stdout).toMatch(/\nRedacted {5}3 values redacted; 1 sender withheld whole\n/);
    expect(readFileSync(join(await unpacked(join(folder, 'pack.zip')), 'commands.csv'), 'utf8')).not.toContain('srv/');
    const json = JSON.parse((await runCli(folder, ['verify', 'pack.zip', '--json'])).stdout);
    expect(json).toMatchObject({ commands: 2, commandStates: 4, senders: 1, withheldSenders: 1, redacted: 3 });
  });

  it('counts what was fetched of outputs, and what of it was pruned', async () => {
    const folder = folderWithArchive();
    const db = openArchive(join(folder, 'data', 'archive.db'));
    fetched(db.sqlite, ['i-1', 0], 'get', output(Buffer.from('all of it')), output(TEXTS.empty, { stream: 'stderr' }));
    fetched(db.sqlite, ['i-2', 0], 'get', output(Buffer.from('all of it')));
    await pruneOutputsOfOne(db.sqlite);
    db.close();
    const made = await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip']);
    expect(made.stdout).toMatch(/\nHolds +3 invocations, 3 observed states, 1 output, 3 full outputs\n/);
    const { stdout } = await runCli(folder, ['verify', 'pack.zip']);
    expect(stdout).toMatch(/\nHolds +3 inv.*, 1 output, 3 full outputs, of which 2 texts were pruned\n/);
    const json = JSON.parse((await runCli(folder, ['verify', 'pack.zip', '--json'])).stdout);
    expect(json).toMatchObject({ verdict: 'consistent', faults: [], fullOutputs: 3, prunedFullOutputs: 2 });
  });

  it('makes a pack of a command that found no node, and says in its first lines what that does not prove', async () => {
    const folder = folderWithCommands();
    const args = ['evidence', ...MARCH, '--output', 'pack.zip', '--command', EMPTY_ID];
    const { exitCode, stdout } = await runCli(folder, args);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Pack .*It holds a command and no invocation, /)]);
    const verified = await runCli(folder, ['verify', 'pack.zip']);
    expect(verified.stdout).toMatch(/^CONSISTENT.*It holds a command and no invocation, .*only where coverage/);
    const files = await unpacked(join(folder, 'pack.zip'));
    for (const name of ['VERIFY.md', 'index.html'])
      expect(readFileSync(join(files, name), 'utf8')).toContain('It holds a command and no invocation');
    const wrong = [...args.slice(0, -3), 'other.zip', '--command', EMPTY_ID, '--status', 'Failed'];
    const refused = await runCli(folder, wrong);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/^No pack was made: /)]);
  });

  it('adds the rows of a query or of a report', async () => {
    const folder = folderWithArchive();
    const sql = 'SELECT instance_id, count(*) AS n FROM invocations GROUP BY 1';
    const query = await runCli(folder, ['evidence', ...MARCH, '--output', 'sql.zip', '--sql', sql]);
    expect([query.exitCode, query.stderr]).toEqual([0, '']);
    const report = ['--report', 'what-ran', '--param', 'from=2026-03-01', '--param', 'to=2026-04-01'];
    const asked = await runCli(folder, ['evidence', ...MARCH, '--output', 'report.zip', ...report]);
    expect([asked.exitCode, asked.stderr]).toEqual([0, '']);
    for (const pack of ['sql.zip', 'report.zip']) expect((await runCli(folder, ['verify', pack])).exitCode).toBe(3);
  });

  it.each([
    [['--output', 'pack.zip'], '--from and --to are needed: a pack covers a span.'],
    [['--from', 'yesterday', '--to', 'x', '--output', 'p.zip'], '--from must be a date'],
    [['--from', '2026-04-01', '--to', '2026-03-01', '--output', 'p.zip'], '--to must be later than --from'],
    [[...MARCH, '--output', 'no/such/folder/p.zip'], 'There is no folder '],
    [[...MARCH, '--output', 'data/archive.db'], 'a pack never replaces another'],
    [[...MARCH, '--output', 'p.zip', '--sql', 'SELECT 1', '--report', 'what-ran'], 'Give --sql or --report, not both.'],
    [[...MARCH, '--output', 'p.zip', '--param', 'a=b'], '--param is only for --report.'],
    [[...MARCH, '--output', 'p.zip', '--report', 'no-such'], 'There is no report "no-such"'],
    [[...MARCH, '--output', 'p.zip', '--sql', 'DELETE FROM runs'], 'SELECT'],
  ])('is refused if called with %j, and leaves no file', async (args, sentence) => {
    const folder = folderWithArchive();
    const { exitCode, stderr, stdout } = await runCli(folder, ['evidence', ...args]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(readdirSync(folder)).toEqual(['data']);
  });
});

describe.concurrent('`verify` of a pack', () => {
  it('exits 1 if one bit of the pack was changed', async () => {
    const folder = folderWithArchive();
    await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip']);
    const pack = join(folder, 'pack.zip');
    // This flips a bit in the compressed bytes of the first file.
    const bytes = readFileSync(pack);
    bytes[120] = (bytes[120] ?? 0) ^ 1;
    writeFileSync(pack, bytes);
    const { exitCode, stdout, stderr } = await runCli(folder, ['verify', 'pack.zip']);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/NOT GENUINE|can't be verified/);
  });

  it('finds a pack not genuine, and exits 1, if a header was changed, even if only a name in the header was changed', async () => {
    const folder = folderWithArchive();
    await runCli(folder, ['evidence', ...MARCH, '--output', 'pack.zip']);
    const bytes = readFileSync(join(folder, 'pack.zip'));
    const second = bytes.indexOf('PK\x03\x04', 4, 'latin1');
    const changed = (at: number, byte: number) => {
      const other = Buffer.from(bytes);
      other[at] = byte;
      return other;
    };
    const trials: [Buffer, string][] = [
      // First, the header loses its first byte, so it is no longer a header. Then the name in the header differs from
      // the name in the directory.
      [changed(second, 0), 'checkpoint is not where the directory says'],
      [changed(second + 30, 0x1b), 'checkpoint has the name \\x1bheckpoint in its own header'],
      [Buffer.concat([bytes, Buffer.from('\n')]), 'it does not end with the end record of a ZIP'],
      [Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes]), 'it has data before its ZIP'],
    ];
    for (const [pack, fault] of trials) {
      writeFileSync(join(folder, 'pack.zip'), pack);
      const { exitCode, stdout, stderr } = await runCli(folder, ['verify', 'pack.zip']);
      expect([exitCode, stderr]).toEqual([1, '']);
      expect(stdout).toMatch(/^NOT GENUINE {2}pack\.zip\nFirst {8}/);
      expect(stdout.split('\n')[1]).toContain(fault);
    }
  });

  it.each([
    [['no-such.zip'], 2, 'There is no pack no-such.zip.'],
    [['data/archive.db'], 1, "data/archive.db can't be verified: "],
    [['pack.zip', '--key', 'nonsense'], 2, '--key "nonsense" is not a key'],
    [['pack.zip', '--checkpoint', 'x'], 2, 'There is no checkpoint x.'],
  ])('is refused if called with %j', async (args, code, sentence) => {
    const folder = folderWithArchive();
    appendFileSync(join(folder, 'pack.zip'), 'PK');
    const { exitCode, stderr } = await runCli(folder, ['verify', ...args]);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(sentence);
  });
});
