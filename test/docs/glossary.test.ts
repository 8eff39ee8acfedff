import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kindOfDetails, kindOfStatus } from '../../src/model/final-status.ts';
import { type GlossaryTerm, OUTCOME_MEANINGS, TERMS_OF_ARCHIVE, TERMS_OF_AWS } from '../../src/model/glossary.ts';
import { EXPLAINED_STATUSES, endOf, STATUS_GUIDE, titleOfStatus } from '../../src/model/status-titles.ts';

const PATH = 'docs/glossary.md';

/** The console's page of the glossary, in the form of a page of the docs. */
function glossaryPage(): string {
  const rows = EXPLAINED_STATUSES.map(
    (status) =>
      `| \`${status.name}\` | ${status.means}. | ${status.ofCommand === undefined ? 'The same.' : `${status.ofCommand}.`} | ${endOf(status)} |`,
  );
  const terms = (of: readonly GlossaryTerm[]) => of.map(({ name, means }) => `| ${name} | ${means} |`);
  return [
    '# Glossary',
    '',
    'What statuses and words mean, wherever the archive uses them. The console has the same page at `/glossary`, and links',
    'each status to it.',
    '',
    '## Statuses',
    '',
    'An invocation, its command and each of its steps have a status (`Status`), and details that say more',
    '(`StatusDetails`). The definitions are AWS’s own, in other words than in its guide. A step has the definitions',
    'of an invocation.',
    `[The guide](${STATUS_GUIDE}) has more.`,
    '',
    '| status or details | of an invocation or a step | of a command | what follows |',
    '| --- | --- | --- | --- |',
    ...rows,
    `| any other, or none | ${titleOfStatus('?')} | The same. | Not final. |`,
    '',
    '## Outcomes of passes and sweeps',
    '',
    '| outcome | what it means |',
    '| --- | --- |',
    ...Object.entries(OUTCOME_MEANINGS).map(([name, means]) => `| \`${name}\` | ${means} |`),
    '',
    '## What AWS has',
    '',
    '| word | what it means |',
    '| --- | --- |',
    ...terms(TERMS_OF_AWS),
    '',
    '## What the archive has',
    '',
    '| word | what it means |',
    '| --- | --- |',
    ...terms(TERMS_OF_ARCHIVE),
    '',
  ].join('\n');
}

it('docs/glossary.md has the same text as the console’s glossary (UPDATE=1 rewrites it)', () => {
  if (process.env.UPDATE === '1') writeFileSync(PATH, glossaryPage());
  expect(readFileSync(PATH, 'utf8')).toBe(glossaryPage());
});

it('each status is called final if the archive treats it as final, and unfinished if the archive still follows it', () => {
  for (const status of EXPLAINED_STATUSES)
    expect([status.name, endOf(status).startsWith('Final')]).toEqual([
      status.name,
      (kindOfDetails(status.name) ?? kindOfStatus(status.name)) !== 'busy',
    ]);
});

it('no two words of the glossary have the same address, and each word is explained by a whole sentence', () => {
  const terms = [...TERMS_OF_AWS, ...TERMS_OF_ARCHIVE];
  const anchors = [...terms.map(({ anchor }) => anchor), ...EXPLAINED_STATUSES.map(({ name }) => name)];
  expect(new Set(anchors).size).toBe(anchors.length);
  for (const { means } of terms) expect(means).toMatch(/^[A-Z].*\.$/);
});
