import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { page, rawInvocation, rawPlugin } from '../archive/raw-invocation.ts';
import { runCli } from '../cli/run-cli.ts';
import { tempFolder } from '../db/temp-archive.ts';

const JANUARY_2023 = 1672531200;

/** Makes a folder with an archive whose outputs are not in the search index yet, as after a pass that was killed. */
function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(
    page(
      ['i-1', 'i-2', 'i-3'].map((InstanceId) =>
        rawInvocation({
          ...{ InstanceId, CommandId: `c-${InstanceId}`, RequestedDateTime: JANUARY_2023 },
          CommandPlugins: [rawPlugin({ Output: InstanceId === 'i-2' ? 'a password of theirs' : 'fine' })],
        }),
      ),
    ),
  );
  db.close();
  return folder;
}

describe('a command with --search finds even the newest outputs', () => {
  it('the command evidence puts the newest outputs into its pack', async () => {
    const span = ['--from', '2023-01-01', '--to', '2023-02-01'];
    const asked = ['evidence', ...span, '--search', 'password', '--output', 'pack.zip', '--json'];
    const made = await runCli(folderWithArchive(), asked);
    expect([made.exitCode, made.stderr]).toEqual([0, '']);
    expect(JSON.parse(made.stdout)).toMatchObject({ invocations: 1, question: { filter: { q: '"password"' } } });
  });

  it('the command prune removes the newest outputs, and its preview says how many are not searched yet', async () => {
    const folder = folderWithArchive();
    const plan = await runCli(folder, ['prune', '--search', 'password', '--outputs']);
    expect(plan.stdout).toContain('2 outputs came so recently that --search does not find them yet');
    const why = ['--reason', 'a leak', '--by', 'ops'];
    const done = await runCli(folder, ['prune', '--search', 'password', '--outputs', '--execute', ...why]);
    expect([done.exitCode, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^Pruned {4}1 output of 1 invocation\n/);
    expect((await runCli(folder, ['verify'])).exitCode).toBe(0);
  });
});
