import type { FindSealed } from '../archive/sealed/sealed-invocations.ts';
import type { Config } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';

/** The dependencies of a pass. */
export interface PassDeps {
  db: ArchiveDb;
  config: Config;
  log: Logger;
  now: Now;
  random(): number;
  /** When this signal aborts, the pass ends after the replies in flight, which get some seconds to arrive. */
  signal: AbortSignal;
  /** Looks for invocations in the lake. Without it, a pass fails that meets an invocation of a sealed day. */
  findSealed?: FindSealed | undefined;
}
