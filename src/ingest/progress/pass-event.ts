import type { PassSourceView } from '../../model/coverage/passes.ts';

/**
 * An event of a running pass. `waiting`: another pass is at work, and this one waits for it. `begun`: it has its row in
 * the table runs. `source`: how far one of its sources is; `index` is the same in each event of that source. A reader
 * may keep an event: it is never changed later.
 */
export type PassEvent =
  | { kind: 'waiting'; sentence: string }
  | { kind: 'begun'; runId: number }
  | ({ kind: 'source' } & PlacedSource);

/** The index of a source in the pass. */
export interface PlacedSource {
  place: number;
  source: PassSourceView;
}
