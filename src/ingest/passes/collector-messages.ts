import type { Config } from '../../config/config.ts';
import type { FileIdentity } from '../../lib/identify-file.ts';
import type { LogLevel } from '../../lib/logger.ts';
import type { PassSourceView } from '../../lib/passes.ts';
import type { PassSummary } from '../run-pass.ts';

/** What the server tells its collector process: one pass a process. Both are of one build, so neither checks. */
export type ToCollector =
  | { kind: 'collect'; config: Config; logLevel: LogLevel; file: FileIdentity }
  | { kind: 'stop' };

/** What the collector process tells the server; `ended` or `failed` comes last. */
export type FromCollector =
  | { kind: 'begun'; runId: number }
  | { kind: 'progress'; sources: PlacedSource[] }
  | { kind: 'ended'; summary: PassSummary }
  | { kind: 'failed'; failure: PassFailure };

/** A source that has changed, at its place in the pass. */
export interface PlacedSource {
  place: number;
  source: PassSourceView;
}

/** An error as it goes between processes, where its class is lost. */
export interface PassFailure {
  name: string;
  message: string;
  stack: string | undefined;
  code: string | undefined;
  /** The message is a sentence for people, as UserFault's is. */
  isUserFault: boolean;
}
