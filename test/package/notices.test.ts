import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledPackages } from '../../build/bundled-packages.ts';
import { formatNotices } from '../../build/format-notices.ts';
import { tempFolder } from '../db/temp-archive.ts';

/** Packages in a separate folder, each with its files, and the path of a script in each. */
function packagesWith(files: Record<string, Record<string, string>>): string[] {
  const folder = tempFolder();
  return Object.entries(files).map(([name, own]) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(path, { recursive: true });
    for (const [file, text] of Object.entries(own)) writeFileSync(join(path, file), text);
    return join(path, 'index.js');
  });
}

const packageJson = (name: string, license: unknown) => JSON.stringify({ name, version: '1.2.3', license });
const packagesOf = (inputs: string[], copied: string[] = []) => bundledPackages({ inputs, copied }, []);

describe('dist/THIRD-PARTY-NOTICES', () => {
  const notices = readFileSync('dist/THIRD-PARTY-NOTICES', 'utf8');
  const named = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+\S*: [\w.-]+, texts? \d/gm)].map(([, name]) => name);

  it('names each package that the sources import, except the driver, which is not bundled', () => {
    const sources = globSync('src/**/*.{ts,tsx,css}').map((file) => readFileSync(file, 'utf8'));
    const imported = sources
      .flatMap((text) => [...text.matchAll(/^(?:import|export) (?!type)(?:[^;']* from )?'([^.:][^:']*)';/gm)])
      .map(([, specifier = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]);
    const packages = new Set(imported.filter((name) => name !== 'better-sqlite3'));
    expect(packages.size).toBeGreaterThan(20);
    expect(named).toEqual(expect.arrayContaining([...packages, 'swagger-ui-dist']));
    expect(named).not.toContain('better-sqlite3');
  });

  it('has each text that it refers to, and no text twice', () => {
    const referred = [...notices.matchAll(/, texts? (\d[\d and]*)$/gm)].flatMap(([, numbers = '']) =>
      numbers.split(' and ').map(Number),
    );
    const sections = notices.split(/^=+\nText \d+, of .+\n=+\n/m).slice(1);
    expect(Math.max(...referred)).toBe(sections.length);
    expect(new Set(referred).size).toBe(sections.length);
    expect(new Set(sections.map((text) => text.trim())).size).toBe(sections.length);
    for (const text of sections) expect(text).toMatch(/licen[sc]e|permission|copyright/i);
  });
});

describe('the notices of packages', () => {
  it('have each licence and notice once, including those that webpack extracted from what it bundled', () => {
    const mit = { 'LICENSE.md': 'Copyright A.\r\nPermission is granted.\n' };
    const [a = '', b = '', c = ''] = packagesWith({
      a: { 'package.json': packageJson('a', 'MIT'), LICENCE: 'Copyright A.\nPermission is granted.' },
      '@b/b': { 'package.json': packageJson('@b/b', 'MIT'), ...mit, NOTICE: 'Made by B.' },
      c: {
        'package.json': packageJson('c', 'Apache-2.0'),
        'license.txt': 'Apache',
        'index.js.LICENSE.txt': 'React',
        'index.js.map': JSON.stringify({ sources: ['webpack:/node_modules/react/a.js', 'webpack:/src/b.js'] }),
      },
    });
    const notices = formatNotices(packagesOf([a, b, 'src/cli/main.ts'], [c]));
    expect(notices).toContain(
      [
        '@b/b 1.2.3: MIT, texts 1 and 2',
        'a 1.2.3: MIT, text 1',
        'c 1.2.3: Apache-2.0, texts 3 and 4',
        '    Its makers have bundled into it: react',
        '',
      ].join('\n'),
    );
    expect(notices.match(/^Text .*/gm)).toEqual([
      'Text 1, of @b/b 1.2.3, a 1.2.3',
      'Text 2, of @b/b 1.2.3',
      'Text 3, of c 1.2.3',
      'Text 4, of c 1.2.3',
    ]);
    for (const text of ['Permission is granted.', 'Made by B.', 'Apache', 'React']) {
      expect(notices.split(`\n${text}\n`)).toHaveLength(2);
    }
  });

  it('cannot be made while a package lacks the text of its licence, or has a licence that is not allowed', () => {
    const inputs = packagesWith({
      a: { 'package.json': packageJson('a', 'MIT') },
      b: { 'package.json': packageJson('b', 'AGPL-3.0-only'), LICENSE: 'AGPL' },
      c: { 'package.json': packageJson('c', undefined), LICENSE: 'All rights reserved.' },
    });
    expect(() => packagesOf(inputs)).toThrow(
      [
        'build/licence-rules.ts and what is bundled differ:',
        'a 1.2.3 has no text of its licence (MIT): find it, and name it in TEXTS_ELSEWHERE.',
        'b 1.2.3 has the licence AGPL-3.0-only, which is not in ALLOWED_LICENCES: may it be passed on?',
        'c 1.2.3 has the licence none, which is not in ALLOWED_LICENCES: may it be passed on?',
      ].join('\n'),
    );
  });

  it('take a text from elsewhere only for a package that has no text of its own, and say why', () => {
    const [a = '', b = ''] = packagesWith({
      a: { 'package.json': packageJson('a', 'Apache-2.0') },
      b: { 'package.json': packageJson('b', 'MIT'), LICENSE: 'MIT' },
    });
    const elsewhere = (name: string) => ({ name, file: 'LICENSE', because: 'Its repository has it.' });
    const notices = formatNotices(bundledPackages({ inputs: [a], copied: [] }, [elsewhere('a')]));
    expect(notices).toContain('a 1.2.3: Apache-2.0, text 1\n    No text comes with it. Its repository has it.\n');
    expect(notices).toContain('TERMS AND CONDITIONS');
    expect(() => bundledPackages({ inputs: [b], copied: [] }, ['b', 'gone'].map(elsewhere))).toThrow(
      'TEXTS_ELSEWHERE has b, which has a text of its own: remove it.\nTEXTS_ELSEWHERE has gone, which is not bundled: remove it.',
    );
  });
});
