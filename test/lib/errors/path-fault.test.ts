import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPathFault, pathFault, pathSentence, systemFault } from '../../../src/lib/errors/path-fault.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import { isThere } from '../../../src/lib/files/is-there.ts';
import { tempFolder } from '../../db/temp-archive.ts';

function folderOfTroubles(): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'plain'), '');
  mkdirSync(join(folder, 'sub'));
  symlinkSync('nowhere', join(folder, 'broken'));
  symlinkSync('loop', join(folder, 'loop'));
  return folder;
}

function errorOf(path: string): unknown {
  try {
    readFileSync(path);
    return undefined;
  } catch (error) {
    return error;
  }
}

const LONG = 'n'.repeat(300);
const CASES: [string, (path: string) => string][] = [
  ['missing', (path) => `There is no file ${path}.`],
  ['sub', (path) => `${path} is a folder, not a file.`],
  ['broken', (path) => `${path} is a link to nowhere, which does not exist.`],
  ['loop', (path) => `${path} is a link that leads back to itself.`],
  ['plain/a/b', (path) => `${path.replace('/a/b', '')} is a file, not a folder, so ${path} can't exist.`],
  [LONG, (path) => `The name ${path.slice(0, 60)}… is longer than a file name may be.`],
];

describe('pathSentence', () => {
  it.each(CASES)('explains in a sentence what is wrong with the path %j', (name, sentence) => {
    const path = join(folderOfTroubles(), name);
    expect(pathSentence(path, errorOf(path))).toBe(sentence(path));
    expect(systemFault(errorOf(path)) ?? 'is a folder').toBeTypeOf('string');
  });

  it('returns no explanation for an error that is not about a path', () => {
    expect(pathFault('a', new Error('ENOENT'))).toBeUndefined();
    expect(systemFault(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
    expect(pathSentence('a', new Error('x'))).toBe("a can't be read.");
  });
});

describe('findPathFault', () => {
  it.each(CASES)('finds the reason why reading the path %j would be refused', (name, sentence) => {
    const path = join(folderOfTroubles(), name);
    expect(`${findPathFault(path)}.`).toBe(sentence(path).replace(/^T/, 't'));
  });

  it.each([
    ['new', undefined],
    ['plain', undefined],
    ['sub', /sub is a folder/],
    ['none/new', /^there is no folder .*none$/],
    ['plain/new', /plain is a file, not a folder/],
    ['broken', /broken is a link to nowhere/],
    [LONG, /longer than a file name may be/],
  ])('finds the reason why writing the path %j would be refused', (name, fault) => {
    const found = findPathFault(join(folderOfTroubles(), name), 'write');
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(fault);
  });
});

describe('isThere', () => {
  it.each([
    ['plain', true],
    ['sub', true],
    ['missing', false],
    ['plain/under', false],
  ])('says whether something exists at the path %j: %s', (name, is) => {
    expect(isThere(join(folderOfTroubles(), name))).toBe(is);
  });

  it.each(['broken', 'loop', LONG])(
    'throws for the path %j, because it cannot be known whether something is there',
    (name) => {
      expect(() => isThere(join(folderOfTroubles(), name))).toThrow(UserFault);
    },
  );
});
