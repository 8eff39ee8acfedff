import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile } from '../../../src/lib/files/replace-file.ts';
import { tempFolder } from '../../db/temp-archive.ts';

it('a file that is being replaced is read as the complete old file or the complete new file', async () => {
  const path = join(tempFolder(), 'a.txt');
  const contents = ['a', 'b'].map((letter) => letter.repeat(1_000_000));
  await replaceFile(path, contents[0] ?? '');
  let isOver = false;
  const replacing = (async () => {
    for (let i = 1; i < 20; i += 1) await replaceFile(path, contents[i % 2] ?? '');
    isOver = true;
  })();
  while (!isOver) expect(contents.includes(await readFile(path, 'utf8'))).toBe(true);
  await replacing;
});

it('a refusal before the rename leaves the old file, and no other file', async () => {
  const folder = tempFolder();
  const path = join(folder, 'a.txt');
  writeFileSync(path, 'old');
  await expect(replaceFile(path, 'new', () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
  await expect(replaceFile(join(folder, 'none', 'a.txt'), 'new')).rejects.toThrow(/ENOENT/);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

it('a file that only its owner may read keeps that mode', async () => {
  const path = join(tempFolder(), 'a.txt');
  writeFileSync(path, 'old');
  chmodSync(path, 0o600);
  await replaceFile(path, 'new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a file that others may read keeps that mode, and a new file has the mode of all new files', async () => {
  const folder = tempFolder();
  const there = join(folder, 'there.txt');
  writeFileSync(there, 'old');
  chmodSync(there, 0o644);
  const before = process.umask(0o077);
  try {
    await replaceFile(there, 'new');
    await replaceFile(join(folder, 'new.txt'), 'new');
  } finally {
    process.umask(before);
  }
  const modes = ['there.txt', 'new.txt'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o644, 0o600]);
});
