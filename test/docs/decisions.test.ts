import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = 'docs/decisions';
const INDEX = join(FOLDER, 'README.md');

/** A page on a decision: its first heading, and the paragraph after it, which says whether the decision is in force. */
interface Decision {
  file: string;
  title: string;
  status: string;
}

function readDecision(file: string, text: string): Decision {
  const [heading = '', status = ''] = text.split('\n\n');
  return { file, title: heading.replace(/^# /, ''), status: status.replaceAll('\n', ' ') };
}

const decisions = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .sort()
  .map((file) => readDecision(file, readFileSync(join(FOLDER, file), 'utf8')));

const linksIn = (text: string) => [...text.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file = '']) => file);

/** The status as the index shows it: in force, or superseded by a page, as a whole or in part. */
function shortStatus({ status }: Decision): string | undefined {
  if (/^\*\*Status\.\*\* In force\./.test(status)) return 'in force';
  const [, how = '', link = ''] =
    /^\*\*Status\.\*\* (Superseded by|In force in part\.)[^[]*(\[\d{4}\]\(\d{4}-[\w-]+\.md\))/.exec(status) ?? [];
  if (link === '') return undefined;
  return how === 'Superseded by' ? `superseded by ${link}` : `in force in part; see ${link}`;
}

/** The files that a page says it supersedes. */
function supersedes({ status }: Decision): string[] {
  const [, sentence = ''] = /Supersedes ((?:[^.]|\.md)*)\./.exec(status) ?? [];
  return linksIn(sentence);
}

/** The row that the index has for a page. */
const rowOf = (decision: Decision) =>
  `| [${decision.file.slice(0, 4)}](${decision.file}) | ${decision.title} | ${shortStatus(decision)} |`;

/**
 * Pairs of pages: one page says that it supersedes the other or is superseded by it, and the other page does not say
 * so.
 */
function oneSided(all: readonly Decision[]): string[] {
  const by = all.flatMap((page) =>
    /superseded by \[|in force in part/.test(shortStatus(page) ?? '')
      ? linksIn(shortStatus(page) ?? '').map((other) => `${other} supersedes ${page.file}`)
      : [],
  );
  const claims = all.flatMap((page) => supersedes(page).map((other) => `${page.file} supersedes ${other}`));
  return [...by.filter((fact) => !claims.includes(fact)), ...claims.filter((fact) => !by.includes(fact))];
}

describe('docs/decisions', () => {
  it.each(decisions)('$file says right after its title whether it is in force', (decision) => {
    expect(decision.title).toMatch(/^[A-Z"].+[^.]$/);
    expect(shortStatus(decision)).toBeDefined();
  });

  it('has an index with the number, title and status of every page, and nothing else', () => {
    const rows = readFileSync(INDEX, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ['));
    expect(rows).toEqual(decisions.map(rowOf));
  });

  it('gives each number to only one page', () => {
    const numbers = decisions.map(({ file }) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('says on both pages that one supersedes the other', () => {
    expect(oneSided(decisions)).toEqual([]);
  });

  it('refers to other decisions by their own numbers', () => {
    const wrong = decisions.flatMap(({ file }) =>
      [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/\[(?:[Dd]ecision\s+)?([\dX]{4})\]\((\d{4})-/g)]
        .filter(([, said, meant]) => said !== meant)
        .map(([link]) => `${file}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  const page = (file: string, status: string) => readDecision(file, `# Title\n\n${status}\n\n**Context.** …\n`);

  it('a page without a status', () => {
    expect(shortStatus(page('0001-a.md', '**Context.** It was so.'))).toBeUndefined();
  });

  it('a superseded page whose successor does not mention it', () => {
    const old = page('0001-a.md', '**Status.** Superseded by [0002](0002-b.md): it is different now.');
    expect(oneSided([old, page('0002-b.md', '**Status.** In force.')])).toEqual(['0002-b.md supersedes 0001-a.md']);
    expect(oneSided([old, page('0002-b.md', '**Status.** In force. Supersedes [0001](0001-a.md).')])).toEqual([]);
  });

  it('a page that supersedes another page, if that other page says that it is in force', () => {
    const next = page('0002-b.md', '**Status.** In force. Supersedes parts of [0001](0001-a.md).');
    expect(oneSided([page('0001-a.md', '**Status.** In force.'), next])).toEqual(['0002-b.md supersedes 0001-a.md']);
  });
});
