import { TOO_YOUNG } from '../../archive/figures/read-lake.ts';
import { SealRunning } from '../../archive/file/lease.ts';
import type { FileWatch } from '../../archive/file/watch-file.ts';
import type { Config } from '../../config/config.ts';
import { ChildLost } from '../../lib/child/child-lost.ts';
import type { ChildProgram } from '../../lib/child/start-child.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { LOG_LEVELS, type Logger } from '../../lib/logger.ts';
import { sealApart } from './seal-apart.ts';
import type { SealOutcome } from './sealer-protocol.ts';

export interface SealsDeps {
  config: Config;
  program?: ChildProgram | undefined;
  /** Whether the path still leads to the archive that the server has open. */
  file: Pick<FileWatch, 'refuseMoved' | 'known'>;
  log: Logger;
  /** Calls `turn` by schedule, and never before the previous call has ended. */
  schedule(turn: () => Promise<void>): { stop(): Promise<void> };
}

/** Seals the ripe days of the archive by schedule, in a process of its own, and logs what was sealed. */
export function startSeals({ config, program, file, log, schedule }: SealsDeps): { close(): Promise<void> } {
  const stopping = new AbortController();
  let closed: Promise<void> | undefined;
  const logLevel = LOG_LEVELS.find((name) => name === log.level) ?? 'info';
  const turns = schedule(async () => {
    try {
      await file.refuseMoved();
      const task = { config, logLevel, file: file.known() };
      report(log, await sealApart(task, { program, signal: stopping.signal }));
    } catch (error) {
      if (error instanceof SealRunning) log.warn(error.message);
      else if (error instanceof UserFault || error instanceof ChildLost) log.error(`NOT SEALED: ${error.message}`);
      else
        log.error({ err: error }, 'NOT SEALED: the seal failed. What was sealed is sealed, and the next one goes on.');
    }
  });
  return {
    close() {
      stopping.abort();
      closed ??= turns.stop();
      return closed;
    },
  };
}

function report(log: Logger, { days, removed, waiting, signing, unremoved, isStopped }: SealOutcome): void {
  for (const day of days) log.info(day, 'Sealed a day.');
  if (removed > 0) log.info({ invocations: removed }, 'Removed rows that an interrupted seal had left.');
  // A young day always waits: that is no news.
  for (const { day, why } of waiting.filter((one) => !one.why.startsWith(TOO_YOUNG)))
    log.info(`${day} is not sealed: it ${why}.`);
  if (unremoved !== null) log.error(`NOT REMOVED: what was pruned is still in the lake. ${unremoved}`);
  if (signing.fault !== null) log.error(`NOT SIGNED: ${signing.fault}`);
  if (isStopped) log.info('A seal was stopped; the next one goes on.');
}
