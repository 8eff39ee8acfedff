import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { isWithoutMounts, NEEDS_MOUNTS } from '../../small-disk.ts';
import { stagedFile } from './staged-file.ts';

const KEY = 'invocations/day=2026-03-01/archive-0.parquet';

it.skipIf(isWithoutMounts)(
  `a lake on a read-only file system is named as that, and not the file that was to be put there ${NEEDS_MOUNTS}`,
  async () => {
    const folder = tempFolder();
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    onTestEnd(() => void execFileSync('umount', ['--lazy', folder]));
    const remount = (how: string) => execFileSync('mount', ['-o', `remount,${how}`, folder]);
    const store = openFolderStore(join(folder, 'lake'));
    remount('ro');
    await expect(store.put(stagedFile(KEY))).rejects.toThrow(`${folder} is on a read-only file system`);
    remount('rw');
    const first = stagedFile(KEY);
    await store.put(first);
    remount('ro');
    const again = store.put(stagedFile(KEY, { replaces: [first.sha256] }));
    await expect(again).rejects.toThrow(/lake\/invocations\/\S+ is on a read-only file system/);
    await expect(again).rejects.not.toThrow(first.path);
  },
);
