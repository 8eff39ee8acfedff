import { expect, it } from 'vitest';
import { INVOCATION_MEMBERS, type Kind, type MemberList, membersOf, STEP_MEMBERS } from '../../../src/model/members.ts';
import { INVOCATION, KEY, markedInvocation, STEP } from '../../model/marked.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

/** The members that the page does not show. All of them are in the JSON to which the page links. */
const NOT_SHOWN = ['notificationArn', 'notificationEvents', 'notificationType'];
const NOT_SHOWN_OF_STEPS = ['standardOutputUrl', 'standardErrorUrl', 'outputS3Region', 'outputS3BucketName'].concat(
  'outputS3KeyPrefix',
);

/** If StatusDetails say more than Status, the page shows only StatusDetails. */
const BY_DETAILS = 'status';
const TIME = /\.\d{3}Z$/;

/** The members of a list whose test values are not on a page. A flag has no text for which a test could look. */
function missingIn(text: string, list: MemberList, shown: Readonly<Record<string, unknown>>): string[] {
  const members: readonly { name: string; kind: Kind }[] = membersOf(list);
  return members.flatMap(({ name, kind }) => {
    if (kind === 'flag' || name === BY_DETAILS) return [];
    const mark = String(shown[name]);
    return text.includes(mark) || text.includes(mark.replace(TIME, 'Z')) ? [] : [name];
  });
}

it('the page of an invocation shows each member of the invocation and of its steps, except for those that this test lists', async () => {
  const trial = apiTrial({ isRead: false });
  await trial.record([markedInvocation()]);
  const { CommandId, InstanceId } = KEY;
  const html = await page(trial, `/invocations/012345678901/eu-west-1/${CommandId}/${InstanceId}`);
  const text = `${textOfHtml(html)} ${html}`;
  expect(missingIn(text, INVOCATION_MEMBERS, INVOCATION.shown).sort()).toEqual(NOT_SHOWN.sort());
  expect(missingIn(text, STEP_MEMBERS, STEP.shown).sort()).toEqual(NOT_SHOWN_OF_STEPS.sort());
});
