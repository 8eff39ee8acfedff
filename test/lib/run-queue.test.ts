import { describe, expect, it } from 'vitest';
import { runQueue } from '../../src/lib/run-queue.ts';

/** Work that the test ends when it wants to. */
function heldWork() {
  const started: string[] = [];
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const work = (item: string) =>
    new Promise<void>((resolve, reject) => {
      started.push(item);
      ends.set(item, { resolve, reject });
    });
  return {
    started,
    work,
    async end(item: string, error?: Error) {
      const held = ends.get(item);
      if (error) held?.reject(error);
      else held?.resolve();
      await new Promise((turn) => setImmediate(turn));
    },
  };
}

describe('a queue of work', () => {
  it('runs its items in order, with a limit on how many run at once', async () => {
    const { started, work, end } = heldWork();
    const done = runQueue(['a', 'b', 'c', 'd'], 2, work);
    expect(started).toEqual(['a', 'b']);
    await end('b');
    expect(started).toEqual(['a', 'b', 'c']);
    await end('a');
    await end('c');
    await end('d');
    await done;
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('includes items that the work adds to the queue, even at the front, and even while the last item runs', async () => {
    const worked: string[] = [];
    const queue = ['a', 'b'];
    await runQueue(queue, 1, async (item) => {
      worked.push(item);
      if (item === 'a') queue.unshift('first');
      if (item === 'b') queue.push('last');
    });
    expect(worked).toEqual(['a', 'first', 'b', 'last']);
  });

  it('starts no more items once one item fails, lets the running items end, and throws the error of the failed item', async () => {
    const { started, work, end } = heldWork();
    let hasEnded = false;
    const done = runQueue(['a', 'b', 'c'], 2, work).finally(() => {
      hasEnded = true;
    });
    const outcome = expect(done).rejects.toThrow('first failure');
    await end('a', new Error('first failure'));
    expect(hasEnded).toBe(false);
    await end('b', new Error('second failure'));
    await outcome;
    expect(started).toEqual(['a', 'b']);
  });

  it('ends at once if it is empty', async () => {
    await expect(runQueue([], 3, () => Promise.reject(new Error('No work.')))).resolves.toBeUndefined();
  });
});
