import type { FillerKind } from './write-filler.ts';

/** The kind and the bytes of both streams of a step. */
export interface LongOutput {
  readonly stdout: readonly [FillerKind, number];
  readonly stderr: readonly [FillerKind, number];
}

const NOTHING = ['lines', 0] as const;

/** Outputs of all sizes at which something is cut or changes its way, a byte less and a byte more; and of megabytes. */
export const LONG_OUTPUTS: readonly [LongOutput, ...LongOutput[]] = [
  { stdout: NOTHING, stderr: NOTHING },
  { stdout: ['lines', 2499], stderr: NOTHING },
  { stdout: ['lines', 2500], stderr: NOTHING },
  { stdout: ['lines', 2501], stderr: NOTHING },
  { stdout: NOTHING, stderr: ['lines', 7999] },
  { stdout: ['ansi', 23_999], stderr: ['lines', 8000] },
  { stdout: ['lines', 24_000], stderr: NOTHING },
  { stdout: ['unicode', 24_001], stderr: ['ansi', 8001] },
  { stdout: ['nul', 100_000], stderr: NOTHING },
  { stdout: ['oneLine', 450_000], stderr: NOTHING },
  { stdout: ['utf16', 60_000], stderr: ['utf16', 3000] },
  { stdout: ['unicode', 1_500_000], stderr: ['lines', 300_000] },
  { stdout: ['utf16', 5_000_000], stderr: NOTHING },
  { stdout: ['lines', 30_000_000], stderr: ['lines', 40] },
];

/**
 * How many bytes an output that ListCommandInvocations cuts has beyond what is needed to be cut. Most are short: a
 * large fleet would otherwise have gigabytes of outputs.
 */
export const TAIL_BYTES: readonly [number, ...number[]] = [0, 0, 300, 1500, 4000, 9000, 21_500, 30_000, 120_000];

/** What those bytes are; most are plain lines. */
export const TAIL_KINDS: readonly [FillerKind, ...FillerKind[]] = [
  'lines',
  'lines',
  'lines',
  'unicode',
  'ansi',
  'nul',
  'utf16',
];
