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
  ['sub', (path) => `${path} is a folder, and no file.`],
  ['broken', (path) => `${path} is a link to nowhere, where there is nothing.`],
  ['loop', (path) => `${path} is a link that leads back to itself.`],
  ['plain/a/b', (path) => `${path.replace('/a/b', '')} is a file and no folder, so that there is no ${path}.`],
  [LONG, (path) => `The name ${path.slice(0, 60)}… is longer than a file may have.`],
];

describe('pathSentence', () => {
  it.each(CASES)('says of %j in words of its own what is wrong with it', (name, sentence) => {
    const path = join(folderOfTroubles(), name);
    expect(pathSentence(path, errorOf(path))).toBe(sentence(path));
    expect(systemFault(errorOf(path)) ?? 'is a folder').toBeTypeOf('string');
  });

  it('says nothing of an error that is of no path', () => {
    expect(pathFault('a', new Error('ENOENT'))).toBeUndefined();
    expect(systemFault(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
    expect(pathSentence('a', new Error('x'))).toBe("a can't be read.");
  });
});

describe('findPathFault', () => {
  it.each(CASES)('finds for %j what reading it would be refused for', (name, sentence) => {
    const path = join(folderOfTroubles(), name);
    expect(`${findPathFault(path)}.`).toBe(sentence(path).replace(/^T/, 't'));
  });

  it.each([
    ['new', undefined],
    ['plain', undefined],
    ['sub', /sub is a folder/],
    ['none/new', /^there is no folder .*none$/],
    ['plain/new', /plain is a file and no folder/],
    ['broken', /broken is a link to nowhere/],
    [LONG, /longer than a file may have/],
  ])('finds for %j what writing it would be refused for', (name, fault) => {
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
  ])('knows that of %j', (name, is) => {
    expect(isThere(join(folderOfTroubles(), name))).toBe(is);
  });

  it.each(['broken', 'loop', LONG])('takes %j, of which it can not be known, for nothing that is missing', (name) => {
    expect(() => isThere(join(folderOfTroubles(), name))).toThrow(UserFault);
  });
});
