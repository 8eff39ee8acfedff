import { between, fraction, mix, pick, pickByShare } from '../draw.ts';
import { type CommandDocument, DOCUMENTS } from './documents.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** The longest time from a command to the request of one of its invocations. */
export const LONGEST_SPREAD_MS = 4 * DAY_MS;

export type CommandMode = 'plain' | 'rolling' | 'long';

/** The part of a command that a fixed key decides: everything except its time, its nodes, and its id. */
export interface CommandTraits {
  readonly key: number;
  readonly mode: CommandMode;
  readonly document: CommandDocument;
  readonly size: number;
}

/** A command as it was sent. */
export interface CommandPlan extends CommandTraits {
  readonly id: string;
  readonly requestedMs: number;
  /** The nodes of the command: `nodeStart + (poolStart + target) % poolSize` for each target. */
  readonly nodeStart: number;
  readonly poolStart: number;
  readonly poolSize: number;
  readonly timeoutSeconds: number;
  readonly executionTimeoutMs: number;
  readonly maxConcurrency: string;
  readonly comment: string;
  readonly documentVersion: string;
  readonly bucket: string;
  readonly keyPrefix: string;
  readonly logGroup: string;
  readonly topicArnName: string;
  readonly isByTag: boolean;
}

const LONG_TIMEOUT_SECONDS = 2_592_000;

/**
 * Returns a command's document, its mode and the wanted number of targets, before that number is cut to what the day
 * and the site have.
 */
export function drawTraits(key: number, rollingShare: number, longShare: number): CommandTraits {
  const at = fraction(key, 1);
  const mode = at < rollingShare ? 'rolling' : at < rollingShare + longShare ? 'long' : 'plain';
  return { key, mode, document: pickByShare(DOCUMENTS, fraction(key, 2)), size: drawSize(key, mode) };
}

function drawSize(key: number, mode: CommandMode): number {
  const kind = fraction(key, 3);
  const at = fraction(key, 4);
  if (mode === 'rolling') return between(3, 14, at);
  if (kind < 0.35) return 1;
  if (kind < 0.7 || mode === 'long') return between(2, 8, at);
  if (kind < 0.9) return between(9, 40, at);
  return kind < 0.98 ? between(41, 200, at) : between(201, 2000, at);
}

/**
 * Returns how long after its command the invocation of a target is requested, in milliseconds. It grows strictly with
 * the target: a plain command goes out in waves of fifty; a command with MaxConcurrency 1 takes hours between two
 * nodes.
 */
export function requestOffsetMs({ key, mode, size }: CommandTraits, target: number): number {
  if (target === 0) return 0;
  if (mode === 'rolling') {
    const step = Math.min(between(2, 10, fraction(key, 5)) * HOUR_MS, Math.floor(LONGEST_SPREAD_MS / size));
    return target * step + Math.floor(fraction(mix(key, target), 6) * step * 0.5);
  }
  return Math.floor(target / 50) * 45_000 + target * between(4, 60, fraction(key, 5));
}

/**
 * Returns everything else about a command, once its size is known. `pool` is the range of nodes that its document runs
 * on.
 */
export function planCommand(
  traits: CommandTraits,
  id: string,
  requestedMs: number,
  pool: { readonly start: number; readonly size: number },
): CommandPlan {
  const { key, mode, document } = traits;
  const extras = fraction(key, 10);
  const isLong = mode !== 'plain';
  return {
    ...traits,
    id,
    requestedMs,
    nodeStart: pool.start,
    poolStart: between(0, pool.size - 1, fraction(key, 11)),
    poolSize: pool.size,
    timeoutSeconds: isLong ? LONG_TIMEOUT_SECONDS : pick([600, 3600, 3600, 3600, 14_400], fraction(key, 12)),
    executionTimeoutMs: isLong ? 12 * DAY_MS : HOUR_MS,
    maxConcurrency: mode === 'rolling' ? '1' : pick(['50', '50', '10%', '100%'], fraction(key, 13)),
    comment: pick(document.comments, fraction(key, 14)),
    documentVersion: pick(['', '', '$DEFAULT', '$LATEST', '1', '7'], fraction(key, 15)),
    bucket: extras < 0.22 ? pick(['acme-ssm-output', 'acme-run-command-logs'], fraction(key, 16)) : '',
    keyPrefix: extras < 0.14 ? pick(['run-command', 'ops/2026'], fraction(key, 17)) : '',
    logGroup: extras > 0.9 ? '/aws/ssm/fleet' : '',
    topicArnName: extras > 0.82 && extras < 0.93 ? 'run-command-events' : '',
    isByTag: traits.size > 8,
  };
}
