import { randomUUID } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { readMonths } from '../../archive/sealed/lake-index.ts';
import { noLakeConfigured } from '../../archive/sealed/sealed-unreadable.ts';
import { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { replaceFile } from '../../lib/files/replace-file.ts';
import { MINUTE_MS, type Now } from '../../lib/time.ts';
import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import { type LakeFiles, type LakePlace, openLakeFiles } from '../files/lake-files.ts';
import { openDayFiles } from '../files/open-day-files.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { COMMANDS_FOLDER } from '../tables/object-key.ts';
import { isCopyOf } from './changed-days.ts';
import { filesOfCopy, folderOfCopies, removeOldCopies } from './copy-files.ts';
import { HotCopy } from './hot-copy.ts';
import { COPIED_TABLES } from './hot-tables.ts';
import type { LakeView } from './lake-view.ts';
import { schemaOf, writeCopy } from './write-copy.ts';

/** A copy is used for so long before another one is made. */
export const COPY_MS = 5 * MINUTE_MS;

export interface HotCopyDeps {
  /** Undefined if no lake is configured. */
  place: LakePlace | undefined;
  /** Opens a connection to the archive that only reads. */
  connect(): Database;
  now: Now;
}

/** Where the view of a copy is described, and what answers over it say of themselves. */
export interface ReadyView {
  path: string;
  facts: LakeFacts;
}

interface Opened extends ReadyView {
  copy: HotCopy;
  files: LakeFiles;
}

/**
 * Returns a function that makes everything ready for SQL over the lake: a copy of the archive's own rows that is at most
 * five minutes old, and the files of the sealed days. It is asked one time after another. Files of the last view but one
 * stay, for queries that still run.
 */
export function openHotCopies({ place, connect, now }: HotCopyDeps): { ready(): Promise<ReadyView> } {
  let opened: Opened[] = [];
  return {
    async ready() {
      if (!place) throw noLakeConfigured();
      const nowMs = now().getTime();
      const [last] = opened;
      if (last && isFresh(last.copy, nowMs) && (await isThere(last.path)))
        return { path: last.path, facts: last.facts };
      const next = await explained(place, () => open(place, connect, nowMs, opened));
      const [, ...older] = opened;
      for (const { files } of older) await files.release();
      opened = [next, ...opened.slice(0, 1)];
      return { path: next.path, facts: next.facts };
    },
  };
}

/** A prune removes all copies, and with them the description of this one. */
async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function isFresh({ facts }: HotCopy, nowMs: number): boolean {
  const ageMs = nowMs - Date.parse(facts.asOf);
  return ageMs >= 0 && ageMs < COPY_MS;
}

async function open(
  place: LakePlace,
  connect: () => Database,
  nowMs: number,
  opened: readonly Opened[],
): Promise<Opened> {
  const folder = folderOfCopies(place.cacheFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = await copyOf(place, folder, connect, nowMs);
  const files = await openLakeFiles(place);
  const fresh = connect();
  try {
    const view = await viewOf(copy, folder, { files, fresh });
    const path = join(folder, `view-${randomUUID()}.json`);
    await writeFile(path, JSON.stringify(view), { mode: 0o600 });
    const views = [path, ...opened.slice(0, 1).map((one) => one.path)];
    const copies = [copy, ...opened.slice(0, 1).map((one) => one.copy)];
    await removeOldCopies({ folder, maxBytes: place.cacheBytes, nowMs, copies, views });
    return { path, facts: copy.facts, copy, files };
  } catch (error) {
    await files.release();
    throw error;
  } finally {
    fresh.close();
  }
}

/** Returns the newest copy, of this process or of another one, if it is fresh; else makes one. */
async function copyOf(
  { cacheBytes: maxBytes }: LakePlace,
  folder: string,
  connect: () => Database,
  nowMs: number,
): Promise<HotCopy> {
  const path = join(folder, 'newest.json');
  const before = await readCopy(path, folder);
  const sqlite = connect();
  try {
    sqlite.exec('BEGIN');
    const isSame = before?.schema === schemaOf(sqlite) && isCopyOf(sqlite, before);
    if (before && isSame && isFresh(before, nowMs)) return before;
    const copy = await writeCopy({ sqlite, folder, maxBytes, nowMs }, isSame ? before : undefined);
    await replaceFile(path, JSON.stringify(copy));
    return copy;
  } finally {
    sqlite.close();
  }
}

/** Returns a copy as it is described in a file; undefined if there is none, or if some of its files are gone. */
async function readCopy(path: string, folder: string): Promise<HotCopy | undefined> {
  try {
    const copy = HotCopy.parse(JSON.parse(await readFile(path, 'utf8')));
    await filesOfCopy(copy, folder);
    return copy;
  } catch {
    return undefined;
  }
}

async function viewOf(
  copy: HotCopy,
  folder: string,
  opening: { files: LakeFiles; fresh: Database },
): Promise<LakeView> {
  const sealed = new Map<string, string[]>();
  const names = COPIED_TABLES.map(({ name }) => name);
  for (const day of copy.sealed)
    for (const [table, paths] of Object.entries((await openDayFiles(opening, day, names)).paths))
      sealed.set(table, [...(sealed.get(table) ?? []), ...paths]);
  // An archive has its commands itself.
  for (const json of readMonths(opening.fresh)) {
    const object = SealedObject.parse({ table: COMMANDS_FOLDER, ...JSON.parse(json) });
    const path = await opening.files.pathOf(object);
    if (path === undefined)
      throw new LakeFault(
        `The object ${object.key} in the lake ${opening.files.name} is missing, or is not the one that its manifest names.`,
      );
    sealed.set(COMMANDS_FOLDER, [...(sealed.get(COMMANDS_FOLDER) ?? []), path]);
  }
  const tables = Object.entries(copy.whole).map(([name, whole]) => ({
    name,
    columns: copy.columns[name] ?? [],
    hot: [whole, ...copy.days.flatMap(({ files }) => files[name] ?? [])].map((file) => join(folder, file)),
    sealed: sealed.get(name) ?? [],
  }));
  return { facts: copy.facts, tables, hotIds: copy.hotIds && join(folder, copy.hotIds) };
}

async function explained<Result>({ cacheFolder }: LakePlace, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isDiskFull(error))
      throw new LakeFault(
        `The disk of ${cacheFolder} is full: SQL over the lake keeps a copy of the rows there that are not sealed. Free some space.`,
        { cause: error },
      );
    const clause = pathFault(cacheFolder, error, 'write');
    if (clause === undefined) throw error;
    throw new LakeFault(`SQL over the lake keeps a copy of the rows that are not sealed: ${clause}.`, { cause: error });
  }
}
