import { PassRunning } from '../../archive/file/lease.ts';
import type { Config } from '../../config/config.ts';
import { namedError } from '../../lib/child/named-error.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';
import type { LogLevel } from '../../lib/logger.ts';
import type { PlacedSource } from '../progress/pass-event.ts';
import type { PassSummary } from '../run-pass.ts';

/** What a collector process is asked: one pass. */
export interface CollectorProtocol {
  asks: {
    collect(task: CollectorTask): PassSummary;
  };
  events: {
    begun: { runId: number };
    progress: PlacedSource[];
  };
  tells: {
    /** The pass ends after the replies in flight. */
    stop: undefined;
  };
  ready: undefined;
}

export interface CollectorTask {
  config: Config;
  logLevel: LogLevel;
  /** The files that the archive must have. */
  file: FileIdentity;
}

/** The errors of a pass whose class means something to the server. */
export const passErrors = [
  namedError(
    'PassRunning',
    PassRunning,
    ({ lines }) => lines,
    (lines) => new PassRunning(lines),
  ),
  ...userFaults,
];
