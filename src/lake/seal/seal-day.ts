import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { daysLeftFor } from '../../archive/sealed/day-moves.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { recordSealedValues } from '../../archive/sealed/record-sealed-values.ts';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { isoFromMs } from '../../lib/time.ts';
import { claimDay } from '../owners/claim-day.ts';
import type { StagedFile } from '../stage/stage-day.ts';
import type { StagedMonth } from '../stage/stage-month.ts';
import { keyOfDay, keyOfManifest, keyOfMonth } from '../tables/object-key.ts';
import { bringDayBack } from './bring-day-back.ts';
import { commitDay } from './commit-day.ts';
import type { DayFacts } from './day-facts.ts';
import { type Manifest, makeManifest } from './manifest.ts';
import { writeManifestFile } from './manifest-file.ts';
import { type PlannedMonth, planMonths } from './months/plan-months.ts';
import { explainMonth, type MonthObject } from './months/written-month.ts';
import { removeHotRows } from './remove-hot-rows.ts';
import type { SealDeps } from './seal-deps.ts';
import { type IntendedObject, listIntents, writeIntent } from './seal-intents.ts';
import type { StagedDay } from './stage-task.ts';

/** What was sealed. */
export interface SealedNow extends DayFacts {
  day: string;
  generation: number;
  objects: readonly SealedObject[];
  /** How many invocations went from SQLite; fewer than were sealed if some changed meanwhile. */
  removed: number;
}

/** A day whose files are written and checked, and not in the lake yet. */
export interface PreparedDay {
  day: string;
  generation: number;
  planned: readonly PlannedMonth[];
  staged: StagedDay;
  /** The folder of its files, which commitPrepared or discardPrepared removes. */
  folder: string;
}

/**
 * Seals a day, or seals it again as the next generation: writes its rows as files, reads these again, puts them into
 * the lake, writes that into the ledger, and only then removes the rows from SQLite. Undefined if the day has no rows.
 * If it is interrupted at any point, the rows are in SQLite, in the lake, or in both; call it again to go on. Throws
 * SealUnfit if the files are not the rows, and DayNotOwned or NumberTaken if the lake has another owner for them.
 */
export async function sealDay(deps: SealDeps, day: string): Promise<SealedNow | undefined> {
  await bringAllBack(deps, day);
  const prepared = await prepareDay(deps, day);
  if (!prepared) return undefined;
  const sealed = await commitPrepared(deps, prepared);
  return { ...sealed, removed: await removeHotRows(deps, day) };
}

/** Brings back into SQLite what a day needs there before its files are written. */
export async function bringAllBack(deps: SealDeps, day: string): Promise<void> {
  // A generation has all rows of its day. If some stood in the lake alone, the new one would lack them.
  await bringDayBack(deps, day);
  // Readers of the lake would find an invocation on the day that it left and on this one.
  for (const left of daysLeftFor(deps.sqlite, day)) await bringDayBack(deps, left);
}

/**
 * Writes the files of a day and checks them, and changes nothing in SQLite or the lake. Undefined if the day has no
 * rows, or if the signal aborts.
 */
export async function prepareDay(deps: SealDeps, day: string): Promise<PreparedDay | undefined> {
  const { sqlite, stage, now, settlingMs, signal, onStep } = deps;
  const folder = await mkdtemp(join(deps.folder, 'sealing-'));
  let prepared: PreparedDay | undefined;
  try {
    const generation = (readSealedDay(sqlite, day)?.generation ?? 0) + 1;
    const planned = await planMonths(deps, day);
    const months = planned.map(({ month }) => month);
    const task = { path: sqlite.name, day, generation, months, folder, nowMs: now().getTime(), settlingMs };
    const staged = await stage(task, { signal, onStep: (step) => onStep?.({ step, day }) });
    if (staged && !signal?.aborted) prepared = { day, generation, planned, staged, folder };
    return prepared;
  } finally {
    if (!prepared) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Puts the files of a day into the lake, and writes that into the ledger: from then on the day is sealed. Throws
 * DayNotOwned or NumberTaken if the lake has another owner for them.
 */
export async function commitPrepared(deps: SealDeps, prepared: PreparedDay): Promise<Omit<SealedNow, 'removed'>> {
  const { day, generation, planned, staged, folder } = prepared;
  const { facts, treeSize, files, months, statement, values } = staged;
  try {
    const archive = readArchiveNumber(deps.sqlite);
    await claimDay(deps, day);
    const objects = files.map(
      ({ table, rows, sizeBytes, sha256 }): SealedObject => ({
        ...{ table, key: keyOfDay(archive, table, day), rows, sizeBytes, sha256 },
      }),
    );
    const commands = months.map(
      ({ month, rows, sizeBytes, sha256 }): MonthObject => ({
        ...{ month, key: keyOfMonth(archive, month), rows, sizeBytes, sha256 },
      }),
    );
    const manifest = makeManifest({ archive, day, generation, treeSize, objects, commands, facts, statement });
    const replaced = planned.flatMap(({ key, replaces }) => replaces.map((sha256) => ({ key, sha256 })));
    await put(deps, { day, generation, files: [...months, ...files], objects, commands, replaced, manifest, folder });
    deps.sqlite
      .transaction(() => {
        const nowMs = deps.now().getTime();
        deps.renew(nowMs);
        const at = isoFromMs(nowMs);
        commitDay(deps.sqlite, {
          ...facts,
          day,
          generation,
          treeSize,
          objects,
          commands,
          manifest: manifest.sha256,
          at,
        });
        recordSealedValues(deps.sqlite, day, values);
      })
      .immediate();
    deps.onStep?.({ step: 'committed', day });
    return { ...facts, day, generation, objects };
  } finally {
    await discardPrepared(prepared);
  }
}

/** Removes the files of a day. */
export async function discardPrepared({ folder }: PreparedDay): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

interface DayToPut {
  day: string;
  generation: number;
  files: readonly (StagedFile | StagedMonth)[];
  objects: readonly SealedObject[];
  commands: readonly MonthObject[];
  /** What may be at the places of the months. */
  replaced: readonly IntendedObject[];
  manifest: Manifest;
  folder: string;
}

/**
 * Puts the files of a day into the lake, invocations last. What is to be put there is written down before: if we crash
 * meanwhile, the next run knows which objects are ours and may be replaced.
 */
async function put(
  deps: SealDeps,
  { day, generation, files, objects, commands, replaced, manifest, folder }: DayToPut,
): Promise<void> {
  const { sqlite, store, now, renew, onStep } = deps;
  const archive = readArchiveNumber(sqlite);
  const proofless = await writeManifestFile(folder, { manifest: manifest.json });
  const manifestObject = { key: keyOfManifest(archive, day, generation), sha256: proofless.sha256 };
  const replaces = sqlite
    .transaction(() => {
      const nowMs = now().getTime();
      renew(nowMs);
      writeIntent(sqlite, {
        ...{ day, generation, madeAt: isoFromMs(nowMs) },
        objects: [...objects, ...commands, manifestObject].map(({ key, sha256 }) => ({ key, sha256 })),
        replaces: [...(readSealedDay(sqlite, day)?.objects ?? []), ...replaced].map(({ key, sha256 }) => ({
          key,
          sha256,
        })),
      });
      return listIntents(sqlite).find((intent) => intent.day === day)?.replaces ?? [];
    })
    .immediate();
  onStep?.({ step: 'intended', day });
  const replacedAt = (key: string) => replaces.filter((one) => one.key === key).map(({ sha256 }) => sha256);
  const put = async (key: string, path: string, sha256: string) => {
    await store.put({ key, path, sha256, replaces: replacedAt(key) });
    onStep?.({ step: 'put', day, key });
  };
  await put(manifestObject.key, proofless.path, proofless.sha256);
  for (const { path, sha256, ...file } of files) {
    try {
      await put(keyOf(archive, file, day), path, sha256);
    } catch (error) {
      throw 'month' in file ? await explainMonth(error, deps, file.month) : error;
    }
  }
}

function keyOf(archive: number, file: { table: string } | { table: string; month: string }, day: string): string {
  return 'month' in file ? keyOfMonth(archive, file.month) : keyOfDay(archive, file.table, day);
}
