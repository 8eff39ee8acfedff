import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { runCli } from '../run-cli.ts';

it('`import-senders` counts the kept and missing senders, and fails if it skipped a file or if a file is not whole', async () => {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(page(['c-1', 'c-2'].map((CommandId) => rawInvocation({ CommandId }))));
  db.close();
  const event = {
    ...{ eventID: 'e', eventTime: '2026-03-01T09:30:00Z', eventSource: 'ssm.amazonaws.com', eventName: 'SendCommand' },
    ...{ awsRegion: SOURCE.region, recipientAccountId: SOURCE.accountId, userIdentity: { type: 'Root' } },
    responseElements: { command: { commandId: 'c-1' } },
  };
  writeFileSync(join(folder, 'log.json'), JSON.stringify({ Records: [event, {}] }));
  writeFileSync(join(folder, 'bad.json'), '{');

  const good = await runCli(folder, ['import-senders', 'log.json']);
  expect(good).toEqual({
    exitCode: 0,
    stdout:
      '2 events in 1 file: the senders of 1 command kept, 0 already known.\n1 of 2 commands in the archive still without a sender.\n',
    stderr: '',
  });
  const again = await runCli(folder, ['import-senders', '--json', 'log.json', 'bad.json']);
  expect(again).toMatchObject({ exitCode: 1, stderr: 'Skipped bad.json: It is not JSON, or is not complete.\n' });
  expect(JSON.parse(again.stdout)).toMatchObject({ kept: 0, known: 1, commands: 2, withoutSender: 1 });
  expect((await runCli(folder, ['import-senders'])).exitCode).toBe(2);

  // `aws cloudtrail lookup-events --max-items 1 > page.json` in Windows PowerShell 5 writes a file like this one.
  const page1 = { Events: [{ CloudTrailEvent: JSON.stringify(event) }], NextToken: 'more' };
  const asWindows = Buffer.from(`\ufeff${JSON.stringify(page1)}\r\n`, 'utf16le');
  writeFileSync(join(folder, 'page.json'), asWindows);
  const partial = await runCli(folder, ['import-senders', 'page.json']);
  expect(partial).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('1 event in 1 file: the senders of 0 commands kept, 1 already known.\n'),
    stderr: expect.stringMatching(/^Partial page\.json: .*NextToken: CloudTrail found more events than the file has\./),
  });
  const json = await runCli(folder, ['import-senders', '--json', '-'], {}, asWindows);
  expect([json.exitCode, JSON.parse(json.stdout)]).toMatchObject([1, { files: 1, known: 1, partial: ['-'] }]);
});
