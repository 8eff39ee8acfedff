import { PassRunning, SealRunning } from '../../archive/file/lease.ts';
import type { Space } from '../../archive/prune/give-space-back.ts';
import type { PruneKind, PruneSelection } from '../../archive/prune/prunable.ts';
import type { Config } from '../../config/config.ts';
import type { Forgotten } from '../../lake/forget/forget.ts';
import type { PlannedDay } from '../../lake/forget/plan-days.ts';
import { namedError } from '../../lib/child/named-error.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';
import type { LogLevel } from '../../lib/logger.ts';

/** The questions to a process that seals days of an archive, or brings one back. */
export interface SealerProtocol {
  asks: {
    seal(task: SealTask): SealOutcome;
    unseal(task: UnsealTask): UnsealOutcome;
    /** What a selection takes of sealed days. Changes nothing. */
    planForget(task: PlanForgetTask): PlannedDay[];
    forget(task: ForgetTask): ForgetOutcome;
  };
  events: {
    progress: SealProgress;
  };
  tells: {
    /** The request to stop after the part that is under way. */
    stop: undefined;
  };
  ready: undefined;
}

export interface SealerTask {
  config: Config;
  logLevel: LogLevel;
  /** The files that must be at the archive's path, if the caller has it open. */
  file?: FileIdentity | undefined;
}

export interface SealTask extends SealerTask {
  /** Only days before this one (ISO date). */
  before?: string | undefined;
}

export interface UnsealTask extends SealerTask {
  /** An ISO date. */
  day: string;
}

export interface PlanForgetTask extends SealerTask {
  kind: PruneKind;
  selection: PruneSelection;
}

export interface ForgetTask extends PlanForgetTask {
  by: string;
  reason: string;
}

export interface ForgetOutcome extends Forgotten {
  /** Whether the ledger's new entries are signed; if not, why. */
  signing: { signedLeaves: number | null; fault: string | null };
  space: Space;
  isStopped: boolean;
}

/** What was just done with a day of which something is pruned. */
export type PruneStep = 'buried' | 'pruned' | 'forgotten' | 'gone';

/** What was just done with a day. */
export interface SealProgress {
  step: 'staged' | 'checked' | 'intended' | 'put' | 'committed' | 'removed' | 'back' | 'proved' | PruneStep;
  day: string;
  /** How many invocations of the day were removed, or came back. */
  invocations?: number | undefined;
}

export interface SealedDayOutcome {
  day: string;
  generation: number;
  invocations: number;
  leaves: number;
  /** The bytes of its objects in the lake. */
  sizeBytes: number;
  /** How many invocations went from the archive's file. */
  removed: number;
}

export interface SealOutcome {
  days: SealedDayOutcome[];
  /** How many invocations of days that were sealed before were still to be removed. */
  removed: number;
  /** The days that wait, and why: the end of a sentence that begins with the day. */
  waiting: { day: string; why: string }[];
  /** Whether the ledger's new entries are signed; if not, why. */
  signing: { signedLeaves: number | null; fault: string | null };
  space: Space;
  /** Why something that was pruned is still in the lake; null if nothing is. */
  unremoved: string | null;
  isStopped: boolean;
}

export interface UnsealOutcome {
  day: string;
  generation: number;
  /** How many invocations came back; the others were in the archive's file. */
  invocations: number;
  isStopped: boolean;
}

/** The errors of a seal that a caller tells apart by their class. */
export const sealErrors = [
  namedError(
    'SealRunning',
    SealRunning,
    ({ lines }) => lines,
    (lines) => new SealRunning(lines),
  ),
  namedError(
    'PassRunning',
    PassRunning,
    ({ lines }) => lines,
    (lines) => new PassRunning(lines),
  ),
  ...userFaults,
];
