import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { DELIVERY_FORMATS, type ReportDelivery } from '../../questions/reports/report.ts';
import { companionOf, deliveryName, type FileOwner, temporaryName } from './delivery-names.ts';

export interface FileFacts {
  /** The file's name, without the folder. */
  file: string;
  bytes: number;
  /** The SHA-256 of the file's bytes, in hexadecimal. */
  sha256: string;
}

/** A file that nobody sees before it is complete. */
export interface DeliveryFile {
  add(chunk: Uint8Array): Promise<void>;
  /**
   * Puts the file in its place, after the companion that describes it: a reader who sees the file also finds the
   * companion.
   */
  finish(describe: (facts: FileFacts) => object): Promise<FileFacts>;
  /** Removes the unfinished file and its companion; does nothing once they are finished. */
  discard(): Promise<void>;
}

/** Begins a file of a report in its folder, which must exist, under a name that no other file has. */
export async function createDeliveryFile(
  { report, directory, format }: Pick<ReportDelivery, 'report' | 'directory' | 'format'>,
  at: Date,
  owner: FileOwner,
): Promise<DeliveryFile> {
  const { name, handle } = await reserve(report, directory, at, owner);
  const file = `${name}.${format}`;
  const companion = companionOf(name);
  const pathOf = (own: string) => join(directory, own);
  const temporary = pathOf(temporaryName(name, owner));
  const temporaryCompanion = pathOf(temporaryName(companion, owner));
  const digest = createHash('sha256');
  let bytes = 0;
  let isFinished = false;

  return {
    async add(chunk) {
      digest.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    },
    async finish(describe) {
      await handle.sync();
      await handle.close();
      const facts = { file, bytes, sha256: digest.digest('hex') };
      await writeWhole(temporaryCompanion, `${JSON.stringify(describe(facts), null, 2)}\n`);
      await rename(temporaryCompanion, pathOf(companion));
      try {
        await syncFolder(directory);
        await rename(temporary, pathOf(file));
      } catch (error) {
        await rm(pathOf(companion), { force: true });
        throw error;
      }
      isFinished = true;
      await syncFolder(directory);
      return facts;
    },
    async discard() {
      if (isFinished) return;
      await handle.close().catch(() => {});
      for (const path of [temporary, temporaryCompanion]) await rm(path, { force: true });
    },
  };
}

/**
 * Takes the first name that neither a complete nor an unfinished file has. One process builds all its temporary names
 * alike, so they show which names its unfinished files will get.
 */
async function reserve(
  report: string,
  directory: string,
  at: Date,
  owner: FileOwner,
): Promise<{ name: string; handle: FileHandle }> {
  for (let n = 1; ; n += 1) {
    const name = deliveryName(report, at, n);
    const temporary = join(directory, temporaryName(name, owner));
    const handle = await openNew(temporary);
    if (!handle) continue;
    const finals = [companionOf(name), ...DELIVERY_FORMATS.map((format) => `${name}.${format}`)];
    if (!finals.some((final) => existsSync(join(directory, final)))) return { name, handle };
    await handle.close();
    await rm(temporary);
  }
}

async function openNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
