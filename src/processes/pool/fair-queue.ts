/** Something that waits on behalf of a caller. */
export interface Waiting {
  caller: string;
  /** As how many it counts, 1 or more. */
  weight: number;
}

/** A queue in which callers take turns, so that one with a hundred waiting delays another's one by no more than its turn. */
export interface FairQueue<Item extends Waiting> {
  /** Of all that wait, and of those of a caller. */
  readonly weight: number;
  waitingOf(caller: string): number;
  add(item: Item): void;
  /** The next item that fits, taken out; the turn passes on to the next caller. */
  take(fits: (item: Item) => boolean): Item | undefined;
  remove(item: Item): void;
  all(): Item[];
}

/**
 * A caller that `isLight`, of whom little was asked lately, comes before all that are not, the newest first: a crowd
 * that has come before it costs it nothing, and one that keeps asking is soon not light any more.
 */
export function createFairQueue<Item extends Waiting>(isLight?: (caller: string) => boolean): FairQueue<Item> {
  // In the order of their turns: a caller that was served goes to the end.
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
