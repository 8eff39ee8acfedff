import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { ReadTimedOut } from '../../../src/processes/pool/errors.ts';
import { childrenOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { ASKED, numberIn, poolTrial, streamTextOf } from './pool-trial.ts';

const AFTER_MS = 100;
const longReads = { afterMs: AFTER_MS, perCaller: 1, triesAtOnce: 2 };
/** Four processes; one of them may work on long reads. */
const LONG = { readers: 4, longAtOnce: 1, longReads };
const EACH = { ...ASKED, caller: 'b' };

/** Whether the read still has no answer after the time of several tries. */
async function isWaiting(read: Promise<unknown>): Promise<boolean> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  void read.then(end, end);
  await sleep(4 * AFTER_MS);
  return !hasEnded;
}

describe('a read that takes long', () => {
  it('continues in its process if there is a place for a long read, and its bytes are sent', async () => {
    const { pool, file } = poolTrial(LONG);
    const { body, rows } = await pool.stream('held', { text: 'first', until: file('go') }, ASKED);
    expect(rows()).toBeNull();
    writeFileSync(file('go'), '');
    expect([await streamTextOf(body), rows()]).toEqual(['first', 1]);
  });

  it('is put back into the queue if no place is left, and sends each byte once when it gets a place later', async () => {
    const { pool, file } = poolTrial(LONG);
    const first = await pool.stream('held', { text: 'first', until: file('go') }, ASKED);
    const second = pool.stream('held', { text: 'second', until: file('go-too'), begun: file('begun') }, EACH);
    const pid = await numberIn(file('begun'));
    await until(() => !isAlive(pid));
    // The second read has no process now, so only a free place can end its wait.
    writeFileSync(file('go-too'), '');
    expect(await isWaiting(second)).toBe(true);
    expect(await pool.read('echo', { value: 1 }, { ...ASKED, caller: 'c' })).toBe(1);
    writeFileSync(file('go'), '');
    expect(await streamTextOf(first.body)).toBe('first');
    const { body, rows } = await second;
    expect([await streamTextOf(body), rows()]).toEqual(['second', 1]);
  });

  it('never gets a second place for the same caller while another caller waits for a place', async () => {
    const { pool, file } = poolTrial({ ...LONG, readers: 5, longAtOnce: 2 });
    await pool.stream('held', { text: 'a', until: file('go') }, ASKED);
    const own = pool.stream('held', { text: 'a too', until: file('go') }, ASKED);
    expect(await isWaiting(own)).toBe(true);
    await pool.stream('held', { text: 'b', until: file('go') }, EACH);
    expect(await isWaiting(own)).toBe(true);
    writeFileSync(file('go'), '');
    expect(await streamTextOf((await own).body)).toBe('a too');
  });

  it('leaves processes for short reads, however much each caller asks', async () => {
    const { pool, file } = poolTrial({ ...LONG, waitingInAll: 99 });
    const asked = Array.from({ length: 20 }, (_, n) =>
      pool.gather('notes', { said: n, until: file('go') }, { ...ASKED, caller: `long ${n}` }),
    );
    for (let n = 0; n < 5; n++)
      expect(await pool.read('echo', { value: n }, { ...ASKED, caller: 'c', deadlineMs: 10_000 })).toBe(n);
    writeFileSync(file('go'), '');
    expect(await Promise.all(asked)).toHaveLength(20);
  });

  it('leaves its process to the next read', async () => {
    const { pool, file } = poolTrial({ ...LONG, readers: 1 });
    const pid = await pool.read('pid', {}, ASKED);
    const { body } = await pool.stream('held', { text: 'first', until: file('go') }, ASKED);
    writeFileSync(file('go'), '');
    await streamTextOf(body);
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
  });

  it('fails at its deadline; the error has the note that the read left, and says whether it was too slow or still waiting', async () => {
    const { pool, file } = poolTrial(LONG);
    const notes = { said: ['a plan'], until: file('never') };
    // The deadline covers only the read, not the start of a process on a busy machine.
    await pool.read('echo', { value: 1 }, ASKED);
    const alone = await pool.gather('notes', notes, { ...ASKED, deadlineMs: 2500 }).catch((error: unknown) => error);
    expect(alone).toBeInstanceOf(ReadTimedOut);
    expect(alone).toMatchObject({ note: ['a plan'], message: expect.stringContaining('took longer') });
    await pool.stream('held', { text: 'first', until: file('never') }, ASKED);
    const waiting = pool.gather('notes', notes, { ...EACH, deadlineMs: 2500 });
    await expect(waiting).rejects.toMatchObject({
      note: ['a plan'],
      message: expect.stringContaining('waited for its'),
    });
  });

  it('does not begin just before its deadline, because that would only cost a process', async () => {
    const { pool, file } = poolTrial(LONG);
    const endsAt = performance.now() + 3000;
    const never = { text: 'x', until: file('never') };
    const first = await pool.stream('held', never, { ...ASKED, deadlineMs: 3000 });
    const deadlineMs = endsAt + 60 - performance.now();
    const second = pool.stream('held', { ...never, begun: file('begun') }, { ...EACH, deadlineMs });
    const tried = await numberIn(file('begun'));
    await Promise.allSettled([streamTextOf(first.body), second]);
    await sleep(AFTER_MS);
    expect(await numberIn(file('begun'))).toBe(tried);
  });

  it('is expected to take long when it is asked again, and then waits without costing a process', async () => {
    const { pool, file } = poolTrial(LONG);
    const asked = { ...ASKED, key: 'the same' };
    await pool.stream('held', { text: 'first', until: file('go') }, asked);
    const before = childrenOf(process.pid).sort();
    const again = pool.gather('notes', { said: 1, until: file('go') }, { ...asked, caller: 'b' });
    expect(await isWaiting(again)).toBe(true);
    expect(childrenOf(process.pid).sort()).toEqual(before);
    writeFileSync(file('go'), '');
    expect(await again).toMatchObject({ rows: 1 });
  });
});
