import { PassRunning } from '../../archive/file/lease.ts';
import type { Config } from '../../config/config.ts';
import { namedError } from '../../lib/child/named-error.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';
import type { LogLevel } from '../../lib/logger.ts';
import type { PlacedSource } from '../progress/pass-event.ts';
import type { PassSummary } from '../run-pass.ts';

/** The request to a collector process: make one pass. */
export interface CollectorProtocol {
  asks: {
    collect(task: CollectorTask): PassSummary;
  };
  events: {
    begun: { runId: number };
    progress: PlacedSource[];
  };
  tells: {
    /** The request to end the pass after the pages in flight. */
    stop: undefined;
  };
  ready: undefined;
}

export interface CollectorTask {
  config: Config;
  logLevel: LogLevel;
  /** The files that must be at the archive's path. */
  file: FileIdentity;
}

/** The errors of a pass that the server tells apart by their class. */
export const passErrors = [
  namedError(
    'PassRunning',
    PassRunning,
    ({ lines }) => lines,
    (lines) => new PassRunning(lines),
  ),
  ...userFaults,
];
