/** Something that waits in the queue, on behalf of a caller. */
export interface Waiting {
  caller: string;
  /** How many items this one counts as, 1 or more. */
  weight: number;
}

/**
 * A queue in which callers take turns: a caller with a hundred waiting reads delays another caller's single read by one
 * turn at most.
 */
export interface FairQueue<Item extends Waiting> {
  /** The weight of all waiting items; `waitingOf` returns that of one caller's items. */
  readonly weight: number;
  waitingOf(caller: string): number;
  add(item: Item): void;
  /** Removes the next item that fits and returns it. Then it is the next caller's turn. */
  take(fits: (item: Item) => boolean): Item | undefined;
  remove(item: Item): void;
  all(): Item[];
}

/**
 * `isLight` says whether a caller has asked for little lately. Light callers come before all others, and the newest of
 * them comes first, so that a crowd of earlier callers does not delay it. A caller that keeps asking is soon no longer
 * light.
 */
export function createFairQueue<Item extends Waiting>(isLight?: (caller: string) => boolean): FairQueue<Item> {
  // Callers, in the order of their turns. A caller that has had its turn goes to the end.
  const callers = new Map<string, Item[]>();
  let weight = 0;

  function inOrder(): [string, Item[]][] {
    const turns = [...callers];
    if (!isLight) return turns;
    const light = turns.filter(([caller]) => isLight(caller));
    return [...light.reverse(), ...turns.filter(([caller]) => !isLight(caller))];
  }

  function withoutItem(caller: string, items: Item[], item: Item): void {
    items.splice(items.indexOf(item), 1);
    weight -= item.weight;
    if (items.length === 0) callers.delete(caller);
  }

  return {
    get weight() {
      return weight;
    },
    waitingOf: (caller) => (callers.get(caller) ?? []).reduce((sum, item) => sum + item.weight, 0),
    add(item) {
      const items = callers.get(item.caller);
      if (items) items.push(item);
      else callers.set(item.caller, [item]);
      weight += item.weight;
    },
    take(fits) {
      for (const [caller, items] of inOrder()) {
        const item = items.find(fits);
        if (!item) continue;
        callers.delete(caller);
        callers.set(caller, items);
        withoutItem(caller, items, item);
        return item;
      }
      return undefined;
    },
    remove(item) {
      const items = callers.get(item.caller);
      if (items?.includes(item)) withoutItem(item.caller, items, item);
    },
    all: () => [...callers.values()].flat(),
  };
}
