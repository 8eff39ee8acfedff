import { soonForgotten } from '../../archive/coverage/soon-forgotten.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';

/**
 * After each pass, logs what the service will forget within 72 hours although the archive has not collected it, or has
 * not seen its end.
 */
export function warnOfForgetting(deps: { db: ArchiveDb; config: Config; log: Logger; now: Now }): void {
  const { db, config, log, now } = deps;
  for (const of of soonForgotten(db.sqlite, { nowMs: now().getTime(), settlingMs: config.settlingMs })) {
    if (of.unfinished === 0 && of.uncollected.length === 0) continue;
    log.warn(of, 'Within 72 hours, the service forgets invocations that are not collected yet or have not ended.');
  }
}
