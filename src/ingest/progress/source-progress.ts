import type { ReplyTally } from '../../archive/record/record-replies.ts';
import { addTally, emptyTally, type Tally } from '../../model/coverage/counters.ts';
import type { Outcome } from '../../model/coverage/outcomes.ts';
import type { PassSourceView } from '../../model/coverage/passes.ts';
import type { EndedListing } from '../plan/listing-event.ts';

/** How far one source of a running pass is. Each change is reported at once, as a new view. */
export interface SourceProgress {
  /** The source's totals. A call is added when it is made, and reported with the next change. */
  readonly tally: Tally;
  /** Adds to the totals. */
  add(more: Partial<Tally>): void;
  /** Reports that a reply was recorded. */
  recorded(reply: ReplyTally): void;
  /** Returns how many invocations the service has changed after their end. */
  changedFinal(): number;
  /** Reports which account and region the source has. */
  placed(place: { accountId: string; region: string }): void;
  /** Reports how many more listings were planned. */
  planned(listings: number): void;
  /** Reports that a listing has ended, or was cut in two. */
  partEnded(end: EndedListing['end']): void;
  /** Reports how the source has ended. */
  finished(end: SourceEnd): void;
}

interface SourceEnd extends Pick<PassSourceView, 'accountId' | 'region' | 'error'> {
  outcome: Outcome;
}

/** Begins to follow a source, and reports it once. */
export function createSourceProgress(
  { startedAt, ...begun }: Pick<PassSourceView, 'alias' | 'region' | 'accountId' | 'startedAt'>,
  tell: (view: PassSourceView) => void,
): SourceProgress {
  const tally = emptyTally();
  let changedFinal = 0;
  let rest: Omit<PassSourceView, keyof Tally> = {
    ...begun,
    partsPlanned: 0,
    partsEnded: 0,
    outcome: 'running',
    error: null,
    startedAt,
  };

  function change(more: Partial<typeof rest>): void {
    rest = { ...rest, ...more };
    tell({ ...tally, ...rest });
  }

  change({});
  return {
    tally,
    add: (more) => addTally(tally, more),
    recorded(reply) {
      changedFinal += reply.changedFinal;
      change({});
    },
    changedFinal: () => changedFinal,
    placed: change,
    planned: (listings) => change({ partsPlanned: rest.partsPlanned + listings }),
    partEnded(end) {
      if (end === 'again') return;
      if (end === 'cut') change({ partsPlanned: rest.partsPlanned + 1 });
      else change({ partsEnded: rest.partsEnded + 1 });
    },
    finished: change,
  };
}
