/** How many sealed days a search for words reads at most: they have no index of words. */
export const MOST_SEARCHED_DAYS = 31;

/** A search for words spans more sealed days than can be searched in time. */
export class TooManySealedDays extends Error {
  override name = 'TooManySealedDays';
  readonly days: number;

  constructor(days: number) {
    super(
      `The search for words in outputs spans ${days} sealed days, which have no index of words: at most ${MOST_SEARCHED_DAYS} of them can be searched at once. Narrow the span of request times, and ask for one part after another.`,
    );
    this.days = days;
  }
}
