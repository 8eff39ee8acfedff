import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { MARCH } from '../proof/marked-archive.ts';
import { runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { COMMAND, folderWithArchive, NODE, OTHER_NODE } from './asked-trial.ts';

const REASON = ['--reason', 'r', '--by', 'me'];

describe('the beginning of an id', () => {
  it('stands for the only id that begins with it, and standard error names that id', async () => {
    const folder = folderWithArchive();
    const says = `--command "11111111" is taken for ${COMMAND}, the only id in the archive that begins with it.\n`;
    const plan = await runHere(folder, ['prune', '--command', '11111111', '--json']);
    expect([plan.exitCode, JSON.parse(plan.stdout).selection]).toEqual([0, { commandId: COMMAND }]);
    expect(plan.stderr).toContain(says);
    const made = ['evidence', ...MARCH, '--command', '11111111', '--output', 'p.zip', '--json'];
    const pack = await runCli(folder, made);
    expect([pack.exitCode, pack.stderr, JSON.parse(pack.stdout).question.filter.commandId]).toEqual([0, says, COMMAND]);
    const held = await runHere(folder, ['hold', 'place', ...REASON, '--instance', 'i-01234']);
    expect([held.exitCode, held.stderr]).toEqual([0, expect.stringContaining(`taken for ${NODE}`)]);
    const { sqlite } = openArchive(join(folder, 'data', 'archive.db'));
    expect(sqlite.prepare('SELECT instance_id FROM holds').pluck().all()).toEqual([NODE]);
    sqlite.close();
  });

  it('is refused with examples if several ids begin with it, and counts as never seen if it is too short', async () => {
    const folder = folderWithArchive();
    for (const command of [['prune'], ['hold', 'place', ...REASON]]) {
      const many = await runHere(folder, [...command, '--instance', 'i-0123']);
      expect([many.exitCode, many.stdout, many.stderr.trimEnd()]).toEqual([
        ...[2, ''],
        `--instance "i-0123" is the beginning of several ids, such as ${NODE}, ${OTHER_NODE}: give more of the one that is meant.`,
      ]);
      const short = await runHere(folder, [...command, '--command', '111']);
      expect([short.exitCode, short.stderr]).toEqual([2, expect.stringContaining('has never seen it')]);
    }
  });

  it('removes nothing: --execute requires the whole id, and prints it', async () => {
    const folder = folderWithArchive();
    const refused = await runHere(folder, ['prune', '--command', '9999', '--execute', ...REASON]);
    const whole = '99999999-2222-4333-8444-555555555555';
    expect([refused.exitCode, refused.stdout, refused.stderr.trimEnd()]).toEqual([
      ...[2, ''],
      `--command "9999" is not a whole id, and --execute takes only whole ones: give --command ${whole}.`,
    ]);
    const done = await runHere(folder, ['prune', '--command', whole, '--execute', ...REASON]);
    expect([done.exitCode, done.stdout]).toEqual([0, expect.stringMatching(/^Pruned {4}1 invocation,/)]);
  });
});

describe('an answer without rows', () => {
  it('names the span that was searched, and whether that span is covered', async () => {
    const folder = folderWithArchive();
    const looked =
      'Looked at what was requested from 2025-01-01T00:00:00.000Z to 2025-02-01T00:00:00.000Z in 012345678901: nothing of it was collected';
    const of = ['--account', '012345678901', '--from', '2025-01-01'];
    const pack = await runCli(folder, ['evidence', ...of, '--to', '2025-02-01', '--output', 'p.zip']);
    expect([pack.exitCode, pack.stderr]).toEqual([1, expect.stringContaining(looked)]);
    const plan = await runHere(folder, ['prune', ...of, '--before', '2025-02-01']);
    expect([plan.exitCode, plan.stderr]).toEqual([0, expect.stringContaining(looked)]);
    const json = await runHere(folder, ['prune', ...of, '--before', '2025-02-01', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ nothing: { unseen: [], coverage: { state: 'notCollected' } } });
    const done = await runHere(folder, ['prune', ...of, '--before', '2025-02-01', '--execute', ...REASON]);
    expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining(looked)]);
  });
});
