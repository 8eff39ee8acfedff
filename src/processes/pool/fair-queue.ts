/** Something that waits for a caller. */
export interface Waiting {
  caller: string;
  /** How many it counts as, 1 or more. */
  weight: number;
}

/**
 * A queue in which callers take turns: a caller with a hundred waiting reads delays another caller's single read by one
 * turn at most.
 */
export interface FairQueue<Item extends Waiting> {
  /** The weight of all waiting items, and of one caller's items. */
  readonly weight: number;
  waitingOf(caller: string): number;
  add(item: Item): void;
  /** Takes out the next item that fits and returns it. Then the turn passes to the next caller. */
  take(fits: (item: Item) => boolean): Item | undefined;
  remove(item: Item): void;
  all(): Item[];
}

/**
 * A caller that `isLight` has asked for little lately. Light callers come before all others, the newest first: a crowd
 * that came before it does not delay it, and a caller that keeps asking soon stops being light.
 */
export function createFairQueue<Item extends Waiting>(isLight?: (caller: string) => boolean): FairQueue<Item> {
  // Callers are in the order of their turns: a caller that was served goes to the end.
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
