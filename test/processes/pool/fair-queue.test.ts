import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue, type Waiting } from '../../../src/processes/pool/fair-queue.ts';

interface Item extends Waiting {
  n: number;
  kind: 'read' | 'stream';
}

function queueOf(callers: string): {
  take(fits?: (item: Item) => boolean): string | undefined;
  remove(n: number): void;
} {
  const queue = createFairQueue<Item>();
  const items = [...callers].map((letter, n): Item => {
    const kind = letter === letter.toUpperCase() ? 'stream' : 'read';
    return { caller: letter.toLowerCase(), weight: 1, n, kind };
  });
  for (const item of items) queue.add(item);
  return {
    take(fits = () => true) {
      const item = queue.take(fits);
      return item && `${item.caller}${item.n}`;
    },
    remove(n) {
      const item = items[n];
      if (item) queue.remove(item);
    },
  };
}

describe('a fair queue of tasks', () => {
  it('lets callers take turns, and serves the tasks of each caller in their order', () => {
    const { take } = queueOf('aaaab');
    expect([take(), take(), take(), take(), take(), take()]).toEqual(['a0', 'b4', 'a1', 'a2', 'a3', undefined]);
  });

  it('skips a task that does not fit, even one of the same caller; the task keeps its place', () => {
    const { take } = queueOf('Aaab');
    const reads = ({ kind }: Item) => kind === 'read';
    expect([take(reads), take(reads), take(reads), take(reads), take()]).toEqual([
      'a1',
      'b3',
      'a2',
      undefined,
      'A0'.toLowerCase(),
    ]);
  });

  it('forgets a task that is removed, and removing the task twice changes nothing', () => {
    const { take, remove } = queueOf('aab');
    remove(0);
    remove(0);
    expect([take(), take(), take()]).toEqual(['a1', 'b2', undefined]);
    remove(1);
    expect(take()).toBeUndefined();
  });

  it('makes a caller wait for at most one turn of each other caller, however much the other callers ask', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), (callers) => {
        const queue = createFairQueue<Item>();
        callers.forEach((caller, n) => {
          queue.add({ caller, weight: 2, n, kind: 'read' });
        });
        expect(queue.weight).toBe(2 * callers.length);
        const taken: Item[] = [];
        for (let item = queue.take(() => true); item; item = queue.take(() => true)) taken.push(item);
        expect(taken.map(({ n }) => n).sort((x, y) => x - y)).toEqual(callers.map((_, n) => n));
        expect([queue.weight, queue.all()]).toEqual([0, []]);
        for (const caller of new Set(callers)) {
          const turns = taken.flatMap((item, turn) => (item.caller === caller ? [turn] : []));
          expect(queue.waitingOf(caller)).toBe(0);
          turns.forEach((turn, n) => {
            const others = taken.slice(n === 0 ? 0 : (turns[n - 1] ?? 0) + 1, turn);
            expect(new Set(others.map((other) => other.caller)).size).toBe(others.length);
          });
          expect(turns.map((turn) => taken[turn]?.n)).toEqual(
            [...turns.map((turn) => taken[turn]?.n ?? 0)].sort((x, y) => x - y),
          );
        }
      }),
    );
  });

  it('serves callers with little recent usage before all others, the newest task of these callers first', () => {
    const heavy = new Set(['a', 'b']);
    const queue = createFairQueue<Item>((caller) => !heavy.has(caller));
    [...'abacd'].forEach((caller, n) => {
      queue.add({ caller, weight: 1, n, kind: 'read' });
    });
    const take = () => queue.take(() => true)?.n;
    expect([take(), take(), take(), take(), take(), take()]).toEqual([4, 3, 0, 1, 2, undefined]);
  });

  it('counts each task by its weight until it is taken or removed', () => {
    const queue = createFairQueue<Item>();
    const heavy: Item = { caller: 'a', weight: 7, n: 0, kind: 'read' };
    queue.add(heavy);
    queue.add({ caller: 'a', weight: 1, n: 1, kind: 'read' });
    expect([queue.weight, queue.waitingOf('a'), queue.waitingOf('b')]).toEqual([8, 8, 0]);
    queue.remove(heavy);
    expect([queue.weight, queue.waitingOf('a')]).toEqual([1, 1]);
    queue.take(() => true);
    expect([queue.weight, queue.waitingOf('a')]).toEqual([0, 0]);
  });
});
