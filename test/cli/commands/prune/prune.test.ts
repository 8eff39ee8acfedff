import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../../src/archive/record/record-replies.ts';
import { page, rawInvocation } from '../../../archive/raw-invocation.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { knowTests } from '../../../on-test-end.ts';
import { runCli } from '../../run-cli.ts';

knowTests();

/** Makes a folder with an archive of three invocations that the service forgot long ago. */
function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(
    page(['i-1', 'i-2', 'i-3'].map((InstanceId) => rawInvocation({ InstanceId, RequestedDateTime: 1672531200 }))),
  );
  db.close();
  return folder;
}

const REASON = ['--execute', '--reason', 'a year is over', '--by', 'ops'];

describe.concurrent('prune', () => {
  it('only says what it would remove, unless --execute is given', async () => {
    const folder = folderWithArchive();
    const plan = await runCli(folder, ['prune', '--older-than', '400d']);
    expect([plan.exitCode, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toMatch(
      /^Would go {2}3 invocations with 3 observed states and 1 output \(.*\)\n +requested from 2023-01-01.*\nStays {5}nothing that was asked for\nNothing was removed\./,
    );
    const json = await runCli(folder, ['prune', '--before', '2024-01-01', '--outputs', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'outputs', invocations: 3, outputs: 1, held: 0 });

    const done = await runCli(folder, ['prune', '--older-than', '400d', ...REASON]);
    expect([done.exitCode, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(
      /^Pruned {4}3 invocations, 3 observed states, 1 output, 1 command\nLedger {4}2 tombstones\nFile {6}.* of which 0 B are free\n$/,
    );
    const verified = await runCli(folder, ['verify']);
    expect(verified.exitCode).toBe(0);
    expect(verified.stdout).toMatch(/^INTACT[\s\S]*\nPruned +\d+ leaves/);
    const again = await runCli(folder, ['prune', '--older-than', '400d']);
    expect(again.stdout).toContain('There is nothing to prune.');
  });

  it.each([
    [[], 'Say what to prune'],
    [['--older-than', 'long'], '--older-than must be a length of time such as 400d, 12h, 30m or 2w, not "long".'],
    [['--older-than', '400d', '--before', '2024-01-01'], 'Give --older-than or --before, not both.'],
    [['--before', '2024-02-30'], '--before must be a date'],
    [['--account', '012345678901', '--execute'], '--execute needs --reason'],
    [['--account', '012345678901', '--execute', '--reason', ' '], '--reason must say why'],
    [['--account', '012345678901', '--execute', '--reason', 'x', '--by', ''], '--by must name somebody.'],
    [
      ['--account', '012345678901', '--dry-run', '--execute', '--reason', 'x'],
      'Give --dry-run or --execute, not both.',
    ],
    [['--account', '012345678901', '--rewrite'], '--rewrite is only for --execute.'],
    [['--before', '2023-01-01', '--from', '2023-02-01'], '--before must be later than --from'],
    [['--older-than', '10d', '--from', 'now'], '--older-than must be later than --from'],
  ])('is refused with a reason if called with %j, and removes nothing', async (options, sentence) => {
    const folder = folderWithArchive();
    const { exitCode, stdout, stderr } = await runCli(folder, ['prune', ...options]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    const sqlite = new SQLite(join(folder, 'data', 'archive.db'), { readonly: true });
    expect(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(3);
    sqlite.close();
  });
});

describe.concurrent('hold', () => {
  it('protects its scope from pruning until it is released', async () => {
    const folder = folderWithArchive();
    const placed = await runCli(folder, ['hold', 'place', '--instance', 'i-2', '--reason', 'case 7', '--by', 'legal']);
    expect([placed.exitCode, placed.stdout]).toEqual([
      0,
      'Hold 1 is placed. It keeps 1 invocation of the archive from being pruned. All holds together keep 1 invocation.\n',
    ]);
    const other = ['--instance', 'i-2', '--region', 'us-east-1', '--allow-unseen'];
    const nothing = await runCli(folder, ['hold', 'place', ...other, '--reason', 'case 8', '--by', 'legal']);
    expect(nothing.stdout).toBe(
      'Hold 2 is placed. It keeps 0 invocations of the archive from being pruned. All holds together keep 1 invocation.\n',
    );
    expect(nothing.stderr).toContain('No invocation in the archive matches all of this now');
    await runCli(folder, ['hold', 'release', '2', '--reason', 'closed', '--by', 'legal']);
    const pruned = await runCli(folder, ['prune', '--older-than', '400d', ...REASON]);
    expect(pruned.stdout).toMatch(/^Pruned {4}2 invocations/);
    expect((await runCli(folder, ['prune', '--older-than', '400d'])).stdout).toMatch(/Stays {5}1 held\n/);
    const released = await runCli(folder, ['hold', 'release', '1', '--reason', 'closed', '--by', 'legal']);
    expect([released.exitCode, released.stdout]).toEqual([0, 'Hold 1 is released.\n']);
    expect((await runCli(folder, ['prune', '--older-than', '400d'])).stdout).toMatch(/^Would go {2}1 invocation /);
    const listed = await runCli(folder, ['hold', 'list']);
    expect(listed.stdout).toMatch(
      /^ID +STATE +SCOPE[\s\S]*\n +1 +released +i-2 +legal .* case 7; released by legal: closed\n$/,
    );
    expect(JSON.parse((await runCli(folder, ['hold', 'list', '--json'])).stdout)).toMatchObject([
      { id: 2, region: 'us-east-1' },
      { id: 1, instanceId: 'i-2', placedBy: 'legal', reason: 'case 7', releasedBy: 'legal', releaseReason: 'closed' },
    ]);
    expect((await runCli(folder, ['verify'])).exitCode).toBe(0);
  });

  it.each([
    [['place', '--reason', 'r'], 'Say what to hold'],
    [
      ['place', '--reason', 'r', '--everything', '--account', '012345678901'],
      'Give --everything, or what to hold, not both.',
    ],
    [['place', '--account', '012345678901'], "required option '--reason <text>' not specified"],
    [['place', '--account', '012345678901', '--reason', ''], '--reason must say why'],
    [['place', '--from', '2024-02-01', '--to', '2024-01-01', '--reason', 'r'], '--to must be later than --from'],
    [['release', '1', '--reason', 'r'], 'There is no hold 1.'],
    [['release', 'one', '--reason', 'r'], '<id> must be a whole number'],
  ])('is refused with a reason if called with %j', async (options, sentence) => {
    const { exitCode, stdout, stderr } = await runCli(folderWithArchive(), ['hold', ...options]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });
});
