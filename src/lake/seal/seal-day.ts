import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { daysLeftFor } from '../../archive/sealed/day-moves.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { type DayValue, recordSealedValues, valuesOfDay } from '../../archive/sealed/record-sealed-values.ts';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../lib/time.ts';
import { claimDay } from '../owners/claim-day.ts';
import { openWriter } from '../parquet/open-writer.ts';
import { checkDay } from '../stage/check-day.ts';
import { checkFile } from '../stage/check-file.ts';
import { openSnapshot } from '../stage/open-snapshot.ts';
import { type StagedFile, stageDay } from '../stage/stage-day.ts';
import { type StagedMonth, stageMonth } from '../stage/stage-month.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { keyOfDay, keyOfManifest, keyOfMonth, SCHEMA_VERSION } from '../tables/object-key.ts';
import { bringDayBack } from './bring-day-back.ts';
import { commitDay } from './commit-day.ts';
import { type DayFacts, EMPTY_DAY, readDayFacts } from './day-facts.ts';
import { type DayStatement, type Manifest, makeManifest, stateDay } from './manifest.ts';
import { writeManifestFile } from './manifest-file.ts';
import { planMonths } from './months/plan-months.ts';
import { explainMonth, type MonthObject } from './months/written-month.ts';
import { removeHotRows } from './remove-hot-rows.ts';
import type { SealDeps } from './seal-deps.ts';
import { type IntendedObject, listIntents, writeIntent } from './seal-intents.ts';

/** What was sealed. */
export interface SealedNow extends DayFacts {
  day: string;
  generation: number;
  objects: readonly SealedObject[];
  /** How many invocations went from SQLite; fewer than were sealed if some changed meanwhile. */
  removed: number;
}

/** The files of a day, and what they have. */
interface StagedDay {
  facts: DayFacts;
  treeSize: number;
  files: readonly StagedFile[];
  /** The commands of the months that are written with the day. */
  months: readonly StagedMonth[];
  statement: DayStatement;
  /** The values that count as seen after the rows have gone. */
  values: readonly DayValue[];
}

/**
 * Seals a day, or seals it again as the next generation: writes its rows as files, reads these again, puts them into
 * the lake, writes that into the ledger, and only then removes the rows from SQLite. Undefined if the day has no rows.
 * If it is interrupted at any point, the rows are in SQLite, in the lake, or in both; call it again to go on. Throws
 * SealUnfit if the files are not the rows, and DayNotOwned or NumberTaken if the lake has another owner for them.
 */
export async function sealDay(deps: SealDeps, day: string): Promise<SealedNow | undefined> {
  // A generation has all rows of its day. If some stood in the lake alone, the new one would lack them.
  await bringDayBack(deps, day);
  // Readers of the lake would find an invocation on the day that it left and on this one.
  for (const left of daysLeftFor(deps.sqlite, day)) await bringDayBack(deps, left);
  const folder = await mkdtemp(join(deps.folder, 'sealing-'));
  try {
    const archive = readArchiveNumber(deps.sqlite);
    const generation = (readSealedDay(deps.sqlite, day)?.generation ?? 0) + 1;
    const planned = await planMonths(deps, day);
    const staged = await stage(deps, folder, { day, generation, months: planned.map(({ month }) => month) });
    if (!staged || deps.signal?.aborted) return undefined;
    await claimDay(deps, day);
    const { facts, treeSize, files, months, statement, values } = staged;
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
    const manifest = makeManifest({ archive, day, generation, treeSize, objects, commands, statement });
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
    return { ...facts, day, generation, objects, removed: await removeHotRows(deps, day) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files of a day that were written are not what SQLite has. Nothing of them is in the lake. */
export class SealUnfit extends UserFault {
  override name = 'SealUnfit';

  constructor(faults: readonly string[]) {
    super(
      `The files that were written are not what the archive has, so nothing was sealed or removed: ${faults.join('; ')}. Run "ssm-archive verify" to see whether the archive is intact.`,
    );
  }
}

/** Writes the files of a day, and compares them with the rows of the same moment. */
async function stage(
  { sqlite, duckDb, now, settlingMs, signal, onStep }: SealDeps,
  folder: string,
  { day, generation, months: toWrite }: { day: string; generation: number; months: readonly string[] },
): Promise<StagedDay | undefined> {
  const snapshot = openSnapshot(sqlite.name);
  try {
    const { treeSize } = snapshot;
    const facts = readDayFacts(snapshot.sqlite, day) ?? (readSealedDay(snapshot.sqlite, day) && EMPTY_DAY);
    // An invocation that has come from a sealed day just now waits for the next run.
    if (!facts || daysLeftFor(snapshot.sqlite, day).length > 0) return undefined;
    const writer = await openWriter(duckDb, folder);
    const metadata = {
      ...{ schema: String(SCHEMA_VERSION), archive: String(readArchiveNumber(snapshot.sqlite)) },
      ...{ generation: String(generation), tree_size: String(treeSize) },
    };
    let files: StagedFile[];
    const months: StagedMonth[] = [];
    try {
      files = await stageDay(snapshot.sqlite, writer, { day, folder, metadata });
      for (const month of toWrite) months.push(await stageMonth(snapshot.sqlite, writer, { month, folder, metadata }));
    } finally {
      writer.close();
    }
    onStep?.({ step: 'staged', day });
    if (signal?.aborted) return undefined;
    const faults = await checkDay(snapshot.sqlite, day, files);
    for (const file of months) {
      const fault = await checkFile(snapshot.sqlite, COMMANDS, file);
      if (fault !== undefined) faults.push(`${COMMANDS.name} of ${file.month}: ${fault}`);
    }
    if (faults.length > 0) throw new SealUnfit(faults);
    onStep?.({ step: 'checked', day });
    const statement = stateDay(snapshot.sqlite, day, { nowMs: now().getTime(), settlingMs });
    return { facts, treeSize, files, months, statement, values: valuesOfDay(snapshot.sqlite, day) };
  } finally {
    snapshot.close();
  }
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
