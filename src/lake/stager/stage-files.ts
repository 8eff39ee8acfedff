import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { daysLeftFor } from '../../archive/sealed/day-moves.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { valuesOfDay } from '../../archive/sealed/record-sealed-values.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { DuckDb } from '../parquet/load-duckdb.ts';
import { openWriter } from '../parquet/open-writer.ts';
import { EMPTY_DAY, readDayFacts } from '../seal/day-facts.ts';
import { stateDay } from '../seal/manifest.ts';
import type { StagedDay, StageFiles, StageTask } from '../seal/stage-task.ts';
import { checkDay } from '../stage/check-day.ts';
import { checkFile } from '../stage/check-file.ts';
import { openSnapshot, type Snapshot } from '../stage/open-snapshot.ts';
import { stageDay } from '../stage/stage-day.ts';
import { type StagedMonth, stageMonth } from '../stage/stage-month.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { SCHEMA_VERSION } from '../tables/object-key.ts';

/** The files of a day that were written are not what SQLite has. Nothing of them is in the lake. */
export class SealUnfit extends UserFault {
  override name = 'SealUnfit';

  constructor(faults: readonly string[]) {
    super(
      `The files that were written are not what the archive has, so nothing was sealed or removed: ${faults.join('; ')}. Run "ssm-archive verify" to see whether the archive is intact.`,
    );
  }
}

/** Returns the function that stages days in this process. */
export function stageHere(duckDb: DuckDb): StageFiles {
  return async (task, { signal, onStep }) => {
    const { day, nowMs, settlingMs } = task;
    const snapshot = openSnapshot(task.path);
    const { sqlite, treeSize } = snapshot;
    try {
      const facts = readDayFacts(sqlite, day) ?? (readSealedDay(sqlite, day) && EMPTY_DAY);
      // An invocation that has come from a sealed day just now waits for the next run.
      if (!facts || daysLeftFor(sqlite, day).length > 0) return undefined;
      const { files, months } = await writeFiles(duckDb, snapshot, task);
      onStep?.('staged');
      if (signal?.aborted) return undefined;
      const faults = await checkDay(sqlite, day, files);
      for (const file of months) {
        const fault = await checkFile(sqlite, COMMANDS, file);
        if (fault !== undefined) faults.push(`${COMMANDS.name} of ${file.month}: ${fault}`);
      }
      if (faults.length > 0) throw new SealUnfit(faults);
      onStep?.('checked');
      const statement = stateDay(sqlite, day, { nowMs, settlingMs });
      return { facts, treeSize, files, months, statement, values: valuesOfDay(sqlite, day) };
    } finally {
      snapshot.close();
    }
  };
}

async function writeFiles(
  duckDb: DuckDb,
  { sqlite, treeSize }: Snapshot,
  { day, generation, months, folder }: StageTask,
): Promise<Pick<StagedDay, 'files' | 'months'>> {
  const writer = await openWriter(duckDb, folder);
  const metadata = {
    ...{ schema: String(SCHEMA_VERSION), archive: String(readArchiveNumber(sqlite)) },
    ...{ generation: String(generation), tree_size: String(treeSize) },
  };
  try {
    const files = await stageDay(sqlite, writer, { day, folder, metadata });
    const ofMonths: StagedMonth[] = [];
    for (const month of months) ofMonths.push(await stageMonth(sqlite, writer, { month, folder, metadata }));
    return { files, months: ofMonths };
  } finally {
    writer.close();
  }
}
