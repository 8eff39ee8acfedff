import { expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../../../src/archive/record/record-listed-commands.ts';
import { observeCommand } from '../../../../../src/upstream/replies/observe-command.ts';
import { type Members, rawInvocation, SOURCE } from '../../../../archive/raw-invocation.ts';
import { apiTrial } from '../../../api/api-trial.ts';
import { page, textOfHtml } from '../../console-trial.ts';

const trial = apiTrial({ isRead: false });

/** The pages of a command and of its invocation, which ListCommands showed with these members. */
async function pagesOf(members: Members): Promise<string[]> {
  const CommandId = crypto.randomUUID();
  const { InstanceId } = rawInvocation();
  await trial.record([{ CommandId }]);
  const command = { CommandId, DocumentName: 'AWS-RunShellScript', Status: 'Success', ...members };
  createListedCommandRecorder(trial.db.sqlite)(SOURCE, '2026-03-01T10:30:00.000Z', [observeCommand(command)]);
  const path = `${SOURCE.accountId}/${SOURCE.region}/${CommandId}`;
  return [await page(trial, `/commands/${path}`), await page(trial, `/invocations/${path}/${String(InstanceId)}`)];
}

it('shows new members of AWS, also those within a member that is known', async () => {
  const inner = { NotificationArn: 'arn:known', NotificationTopic: 'inner-one' };
  for (const html of await pagesOf({ NotificationConfig: inner, Brand: { New: ['outer-one'] } }))
    for (const shown of ['arn:known', 'NotificationTopic', 'inner-one', 'outer-one'])
      expect(textOfHtml(html)).toContain(shown);
});

it('shows parameters of an unexpected type, and does not say that there were none', async () => {
  for (const html of await pagesOf({ Parameters: ['rm', '-r'], Targets: 'all of them' })) {
    for (const shown of ['rm', '-r', 'all of them']) expect(textOfHtml(html)).toContain(shown);
    expect(html).not.toContain('no parameters');
  }
  for (const html of await pagesOf({})) expect(html).toContain('The service showed no parameters');
});

it('says which lines of a script end with CR LF, which the lines themselves do not show', async () => {
  const endings = async (commands: readonly string[]) => {
    const [html = ''] = await pagesOf({ Parameters: { commands } });
    return /((?:All|\d+ of \d+) lines ends? with) CR LF\./.exec(textOfHtml(html))?.[1];
  };
  expect(await endings(['one', 'two'])).toBeUndefined();
  expect(await endings(['one\r', 'two\r'])).toBe('All lines end with');
  expect(await endings(['one\r\ntwo\r\n'])).toBe('All lines end with');
  expect(await endings(['#!/bin/sh', 'two\r', 'three'])).toBe('1 of 3 lines ends with');
  expect(await endings(['one\r', 'two\r', 'three'])).toBe('2 of 3 lines end with');
});
