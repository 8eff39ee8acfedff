import type { PassSourceView } from '../../model/coverage/passes.ts';

/**
 * What a running pass tells of itself. `waiting`: another pass is at work, and this one waits for it. `begun`: it has its row in the table
 * runs. `source`: how far one of its sources is, which has the same place in the pass each time. All of it may be kept: nothing changes it.
 */
export type PassEvent =
  | { kind: 'waiting'; sentence: string }
  | { kind: 'begun'; runId: number }
  | ({ kind: 'source' } & PlacedSource);

/** A source at its place in the pass. */
export interface PlacedSource {
  place: number;
  source: PassSourceView;
}
