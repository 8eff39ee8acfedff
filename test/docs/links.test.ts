import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOMS } from '../rooms.ts';
import { docsPages, eachLineOfProse, proseOf } from './pages.ts';

/** The anchors that GitHub gives a page's headings, in order. */
function anchorsOf(text: string): string[] {
  const anchors: string[] = [];
  eachLineOfProse(text, (line) => {
    const [, title] = /^#{1,6} (.+)$/.exec(line) ?? [];
    if (title === undefined) return;
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    const before = anchors.filter((other) => other === anchor || other.replace(/-\d+$/, '') === anchor).length;
    anchors.push(before === 0 ? anchor : `${anchor}-${before}`);
  });
  return anchors;
}

const isElsewhere = (target: string) => /^[a-z][a-z0-9+.-]*:/i.test(target);

/** A page's links into the repository whose target does not exist. */
function brokenLinksOf(path: string, text: string): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]*`/g, 'code');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (isElsewhere(target)) return false;
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : join(path, '..', file);
    if (!existsSync(to)) return true;
    return anchor !== undefined && !anchorsOf(to === path ? text : readFileSync(to, 'utf8')).includes(anchor);
  });
}

/** Whether a name in code means a file of this repository. A room's name does not. */
const isSourceFile = (name: string) => /^[\w./-]+\.(?:ts|tsx|mjs)$/.test(name) && !(name in ROOMS);
const isPath = (name: string) => /^(?:src|test|bench|build|deploy|docs|migrations)\/[\w./-]+$/.test(name);

/** Files and folders that a page names and the repository does not have, each by its path from the root. */
function missingFilesOf(text: string): string[] {
  const prose = proseOf(text);
  const inCode = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);
  const bare = [...prose.matchAll(/(?<![\w/.`-])(?:src|test|bench)\/[\w./-]*\w/g)].map(([name]) => name);
  return [...inCode.filter((name) => isSourceFile(name) || isPath(name)), ...bare].filter((name) => !existsSync(name));
}

describe.each(docsPages())('$path', ({ path, text }) => {
  it('has only links to existing files, and to existing headings in them', () => {
    expect(brokenLinksOf(path, text)).toEqual([]);
  });

  it('names files of the repository by whole paths that exist', () => {
    expect(missingFilesOf(text)).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  it.each([
    ['a file that does not exist', '[a](gone.md)', 'gone.md'],
    ['a heading that is not on the page', '[a](#gone)', '#gone'],
    ['a heading that is not on another page', '[a](api.md#gone)', 'api.md#gone'],
    ['a picture that does not exist', '![a](images/gone.webp)', 'images/gone.webp'],
    ['a link whose text goes on to a second line', '[a\nb](gone.md)', 'gone.md'],
  ])('%s', (_, text, target) => {
    expect(brokenLinksOf('docs/sql.md', `# Title\n\n${text}\n`)).toEqual([target]);
  });

  it.each([
    ['a path of a source file that has moved', 'See `src/lib/gone.ts`.', 'src/lib/gone.ts'],
    ['a path that is not marked as code', 'See src/lib/gone.ts: it moved.', 'src/lib/gone.ts'],
    ['a source file without its folder', 'See `open.ts`.', 'open.ts'],
    ['a folder that does not exist', 'See `test/gone`.', 'test/gone'],
  ])('%s', (_, text, name) => {
    expect(missingFilesOf(text)).toEqual([name]);
  });
});

it('headings have the anchors that GitHub gives them, even a second heading with the same words', () => {
  const page = '# What `verify` does\n\n## A pass, and after\n\n```sh\n# no heading\n```\n\n## A pass, and after\n';
  expect(anchorsOf(page)).toEqual(['what-verify-does', 'a-pass-and-after', 'a-pass-and-after-1']);
  expect(
    brokenLinksOf('docs/sql.md', `${page}\n[a](#a-pass-and-after-1) [b](https://example.com) [c](api.md)`),
  ).toEqual([]);
});
