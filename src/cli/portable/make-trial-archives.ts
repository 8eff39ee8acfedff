import { join } from 'node:path';
import { openArchive } from '../../archive/file/open-archive.ts';
import { keepNamedOutputs } from '../../archive/prune/named-outputs.ts';
import { createListedCommandRecorder } from '../../archive/record/record-listed-commands.ts';
import { createRepliesRecorder } from '../../archive/record/record-replies.ts';
import { createSenderRecorder } from '../../archive/record/record-senders.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { DuckDb } from '../../lake/parquet/load-duckdb.ts';
import { hotDays } from '../../lake/seal/hot-days.ts';
import { sealDay } from '../../lake/seal/seal-day.ts';
import { stageHere } from '../../lake/stager/stage-files.ts';
import { openFolderStore } from '../../lake/store/folder-store.ts';
import { bringIntoLedger } from '../../ledger/bring-in.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { CommandSender } from '../../model/command-sender.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { createHistory } from '../../simulator/create-history.ts';
import { noFaults } from '../../simulator/faults.ts';
import { createSite } from '../../simulator/fleet/create-site.ts';
import { DEFAULT_FLEET } from '../../simulator/fleet/fleet-options.ts';
import { noStats } from '../../simulator/stats.ts';
import { observeCommand } from '../../upstream/replies/observe-command.ts';
import { observeInvocation } from '../../upstream/replies/observe-invocation.ts';
import { commandWithHardTexts, hardText, withHardTexts } from './hard-texts.ts';

/** Two archives of the same runs. */
export interface TrialArchives {
  /** The file of the archive that has all rows. */
  whole: string;
  /** The file of the archive of which most days are sealed, and the folder of its lake. */
  sealed: string;
  lake: string;
}

/** Enough that each kind of document, status and step of the simulated fleet is there several times. */
const INVOCATIONS = 3000;
/** The last days stay in the file, so that answers of the lake have rows of both. */
const HOT_MS = 7 * DAY_MS;
/**
 * Makes the two archives in an empty folder: thirty days of a simulated fleet up to `now`, the same in each run but for
 * the day, with texts that are hard to carry wherever a person or a node may write one. It takes a few seconds, and ends early if the signal aborts.
 */
export async function makeTrialArchives(
  folder: string,
  { duckDb, now, signal }: { duckDb: DuckDb; now: Date; signal: AbortSignal },
): Promise<TrialArchives> {
  const paths = { whole: join(folder, 'whole.db'), sealed: join(folder, 'archive.db'), lake: join(folder, 'lake') };
  const { sqlite, close } = openArchive(paths.sealed);
  try {
    record({ sqlite }, now);
    bringIntoLedger(sqlite);
    await sqlite.backup(paths.whole);
    const store = openFolderStore(paths.lake);
    const deps = {
      ...{ sqlite, store, folder, stage: stageHere(duckDb), settlingMs: 0, sealAfterMs: HOT_MS, now: () => now },
      ...{ renew: () => {}, origins: () => ['ssm-archive/trial'] },
      ...keepNamedOutputs(sqlite),
    };
    const before = new Date(now.getTime() - HOT_MS).toISOString().slice(0, 10);
    for (const day of [...hotDays(sqlite, { before })]) if (!signal.aborted) await sealDay(deps, day);
  } finally {
    close();
  }
  return paths;
}

function record({ sqlite }: Pick<ArchiveDb, 'sqlite'>, now: Date): void {
  const fleet = { ...DEFAULT_FLEET, invocations: INVOCATIONS };
  const places = fleet.accounts.flatMap(({ accountId, regions }) => regions.map((region) => ({ accountId, region })));
  const sites = places.map((place, index) => createSite(fleet, { ...place, index, count: places.length }));
  // The draw is the same in each run.
  const history = createHistory(sites, fleet, {
    ...{ faults: noFaults(), stats: noStats(), now: () => now, random: () => 0.5 },
  });
  const recordReplies = createRepliesRecorder(sqlite);
  const recordCommands = createListedCommandRecorder(sqlite);
  const recordSenders = createSenderRecorder(sqlite);
  const at = now.toISOString();
  for (const source of places) {
    const raws = [...history.truth(source)].map((raw) => withHardTexts(JSON.parse(JSON.stringify(raw))));
    recordReplies([{ source, observed: raws.map(observeInvocation), observedAt: at }]);
    const commands = [...new Map(raws.map((raw) => [raw.CommandId, raw])).values()].map(commandWithHardTexts);
    recordCommands(source, at, commands.map(observeCommand));
    recordSenders(commands.map(({ CommandId }) => senderOf(source, String(CommandId), at)));
  }
}

/** Some senders have no ARN, and some a hard text. */
function senderOf(source: SourceKey, commandId: string, eventAt: string): CommandSender {
  const principal = hardText(`sender of ${commandId}`);
  return {
    ...{ ...source, commandId, eventId: commandId, eventAt, principalType: 'IAMUser' },
    ...{ principalArn: principal ?? null, principalId: null, sessionIssuerArn: null },
    ...{ invokedBy: null, sourceIpAddress: null, userAgent: principal ?? null, isMfaAuthenticated: null },
  };
}
