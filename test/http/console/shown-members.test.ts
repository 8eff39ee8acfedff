import { expect, it } from 'vitest';
import { factsOf, NOT_SHOWN } from '../../../src/http/console/invocation/facts-of.ts';
import { partsOfName } from '../../../src/model/member-row.ts';
import { INVOCATION_MEMBERS, type Kind, type MemberList, membersOf, STEP_MEMBERS } from '../../../src/model/members.ts';
import type { Members } from '../../archive/raw-invocation.ts';
import { INVOCATION, markedInvocation, STEP } from '../../model/marked.ts';
import { markedArchive, markedView } from '../../model/marked-archive.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

/** The members that the page does not show. All of them are in the JSON to which the page links. */
const NOT_SHOWN_OF_STEPS = ['standardOutputUrl', 'standardErrorUrl', 'outputS3Region', 'outputS3BucketName'].concat(
  'outputS3KeyPrefix',
);

const FLAGS = new Set(
  [INVOCATION_MEMBERS, STEP_MEMBERS].flatMap((list: MemberList) =>
    membersOf(list).flatMap(({ aws, kind }) => (kind === 'flag' ? [partsOfName(aws).own] : [])),
  ),
);
/** What differs between all pages. */
const OF_ONE = /nonce="[^"]*"|leaf.\d+/g;
const TIME = /\.\d{3}Z$/;

/** The marked invocation with StatusDetails that equal Status: if they say more, a page shows only them. */
function withoutDetails(flag: boolean): Members {
  const text = JSON.stringify(markedInvocation(), (name, value: unknown) => (FLAGS.has(name) ? flag : value));
  return JSON.parse(text.replaceAll('mark StatusDetails of', 'mark Status of'));
}

interface Pages {
  text: string;
  /** The texts of two pages that differ only in the flags. */
  byFlag: readonly string[];
}

/** The members of a list that a page does not show. */
function missingIn({ text, byFlag }: Pages, list: MemberList, shown: Readonly<Record<string, unknown>>): string[] {
  const members: readonly { name: string; kind: Kind }[] = membersOf(list);
  return members.flatMap(({ name, kind }) => {
    // A flag has no text for which a test could look.
    if (kind === 'flag') return byFlag[0] === byFlag[1] ? [name] : [];
    const mark = String(shown[name]);
    return text.includes(mark) || text.includes(mark.replace(TIME, 'Z')) ? [] : [name];
  });
}

it('the page of an invocation shows each member of the invocation and of its steps, except for those that are listed as not shown', async () => {
  const trial = apiTrial({ isRead: false });
  const pages: string[] = [];
  for (const [n, members] of [markedInvocation(), withoutDetails(true), withoutDetails(false)].entries()) {
    const [CommandId, InstanceId] = [`command-${n}`, `i-0123456789abcdef${n}`];
    await trial.record([{ ...members, CommandId, InstanceId }]);
    const html = await page(trial, `/invocations/012345678901/eu-west-1/${CommandId}/${InstanceId}`);
    pages.push(
      `${textOfHtml(html)} ${html}`.replaceAll(CommandId, '').replaceAll(InstanceId, '').replaceAll(OF_ONE, ''),
    );
  }
  const [whole, ...byFlag] = pages;
  const shown = { text: `${whole} ${byFlag[0]}`, byFlag };
  const facts = Object.entries(factsOf(markedView(markedArchive())));
  const notShown = facts.flatMap(([name, fact]) => (fact === NOT_SHOWN ? [name] : []));
  expect(missingIn(shown, INVOCATION_MEMBERS, INVOCATION.shown).sort()).toEqual(notShown.sort());
  expect(missingIn(shown, STEP_MEMBERS, STEP.shown).sort()).toEqual(NOT_SHOWN_OF_STEPS.sort());
});
