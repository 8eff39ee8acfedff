import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listLeftWork, makeWorkFolder, removeDeadWork } from '../../../src/archive/evidence/work-folder.ts';
import { hostMark } from '../../../src/lib/process/host-mark.ts';
import { tempFolder } from '../../db/temp-archive.ts';

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** Makes a folder with this name, as a killed process leaves it. */
function leave(parent: string, name: string, withLock = true): string {
  mkdirSync(join(parent, name, 'pack', 'outputs'), { recursive: true });
  writeFileSync(join(parent, name, 'pack', 'outputs', 'a.txt'), 'secret');
  if (withLock) writeFileSync(join(parent, name, 'lock'), '');
  return name;
}

const own = hostMark(hostname());

describe('the folder in which a pack is made', () => {
  it('can only be entered by its owner, has its host and process in its name, and is removed at the end', () => {
    const parent = tempFolder();
    const { path, remove } = makeWorkFolder(parent);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(basename(path)).toMatch(new RegExp(`^\\.evidence-${own}-${process.pid}-\\w{6}$`));
    writeFileSync(join(path, 'output.txt'), 'secret');
    remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is removed at a later start if its process was killed, even if another process has the same id by then', async () => {
    const parent = tempFolder();
    const dead = [
      leave(parent, `.evidence-${own}-${deadPid()}-aaaaaa`),
      leave(parent, `.evidence-${own}-${deadPid()}-bbbbbb`, false),
      // A restarted container reuses process ids, including the id of this process.
      leave(parent, `.evidence-${own}-${process.ppid}-cccccc`),
      leave(parent, `.evidence-${own}-${process.pid}-dddddd`, false),
    ];
    expect((await removeDeadWork(parent)).sort()).toEqual(dead.sort());
    expect(readdirSync(parent)).toEqual([]);
  });

  it('stays if its process is running or it belongs to another machine, and other files and folders stay too', async () => {
    const parent = tempFolder();
    const { path, remove } = makeWorkFolder(parent);
    const kept = [
      leave(parent, `.evidence-${hostMark('another-machine')}-${deadPid()}-aaaaaa`),
      leave(parent, `.evidence-${own}-${process.ppid}-bbbbbb`, false),
      leave(parent, '.evidence-Ab3dEf'),
      leave(parent, 'evidence'),
    ];
    writeFileSync(join(parent, `.evidence-${own}-${deadPid()}-cccccc`), 'a file');
    expect(await removeDeadWork(parent)).toEqual([]);
    expect(existsSync(path)).toBe(true);
    for (const name of kept) expect(existsSync(join(parent, name, 'pack', 'outputs', 'a.txt'))).toBe(true);
    // Folders whose process cannot be checked from here are listed, so that a person can decide about them.
    expect(listLeftWork(parent).sort()).toEqual([kept[0], kept[2]].sort());
    remove();
    expect(await removeDeadWork(join(parent, 'nowhere'))).toEqual([]);
  });
});
