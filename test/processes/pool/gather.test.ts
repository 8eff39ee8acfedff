import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { ReaderFailed, ReaderLost, ReadQueueFull } from '../../../src/processes/pool/errors.ts';
import type { GatheredRead } from '../../../src/processes/pool/read-task.ts';
import { childrenOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { ASKED, poolTrial, streamTextOf } from './pool-trial.ts';

const longReads = { afterMs: 100, perCaller: 1, triesAtOnce: 2 };
const LONG = { readers: 4, longAtOnce: 1, longReads };
const CHUNK_BYTES = 100_000;

const bytesOf = (gathered: GatheredRead) => ('bytes' in gathered ? Buffer.from(gathered.bytes).toString() : undefined);

describe('a gathered read, whose result comes at once or as a stream,', () => {
  it('has all bytes at once, with the number of its rows', async () => {
    const { pool } = poolTrial(LONG);
    const gathered = await pool.gather('chunks', { text: 'x', count: 10 }, ASKED);
    expect([bytesOf(gathered), gathered.rows]).toEqual(['x'.repeat(10 * CHUNK_BYTES), 10]);
    expect(bytesOf(await pool.gather('chunks', { text: 'x', count: 0 }, ASKED))).toBe('');
  });

  it('comes as a stream, with each byte once, if it has more bytes than the server keeps in memory for a client', async () => {
    const { pool } = poolTrial(LONG);
    const gathered = await pool.gather('chunks', { text: 'y', count: 40 }, ASKED);
    if ('bytes' in gathered) throw new Error('It was held.');
    expect(await streamTextOf(gathered.body)).toBe('y'.repeat(40 * CHUNK_BYTES));
    expect(gathered.rows()).toBe(40);
  });

  it('waits for a place among the long reads if it has too many bytes to keep in memory', async () => {
    const { pool } = poolTrial(LONG);
    const first = await pool.gather('chunks', { text: 'y', count: Number.MAX_SAFE_INTEGER }, ASKED);
    if ('bytes' in first) throw new Error('It was held.');
    const second = pool.gather('chunks', { text: 'z', count: 40 }, { ...ASKED, caller: 'b' });
    for (let n = 0; n < 5; n++) await pool.read('echo', { value: n }, { ...ASKED, caller: 'c' });
    await first.body.cancel();
    const begun = await second;
    if ('bytes' in begun) throw new Error('It was held.');
    expect(await streamTextOf(begun.body)).toBe('z'.repeat(40 * CHUNK_BYTES));
  });

  it('fails with the error of its function, before or after its first bytes, and keeps its process', async () => {
    const { pool } = poolTrial({ readers: 1 });
    const pid = await pool.read('pid', {}, ASKED);
    await expect(pool.gather('throwsAfter', { count: 0 }, ASKED)).rejects.toThrow(ReaderFailed);
    await expect(pool.gather('throwsAfter', { count: 3 }, ASKED)).rejects.toThrow('too far');
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
    await expect(pool.gather('exitsAfter', { count: 3 }, ASKED)).rejects.toThrow(ReaderLost);
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
  });
});

describe('a process', () => {
  it('is not started before the first read if its pool is lazy', async () => {
    const { pool } = poolTrial({ readers: 2, isLazy: true });
    expect(childrenOf(process.pid)).toEqual([]);
    await pool.read('pid', {}, ASKED);
    expect(childrenOf(process.pid)).toHaveLength(2);
  });

  it('ends once it has given enough answers, and another takes its place', async () => {
    const { pool } = poolTrial({ readers: 1 });
    const pid = await pool.read('pid', {}, ASKED);
    expect(bytesOf(await pool.gather('wears', { text: 'all of it' }, ASKED))).toBe('all of it');
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await until(() => !isAlive(pid));
  });
});

describe('a question of many bytes', () => {
  it('counts as several questions while it waits', async () => {
    const { pool, file } = poolTrial({ readers: 1, waitingPerCaller: 20, waitingInAll: 30 });
    const ask = (caller: string, bytes: number) => pool.read('nothing', {}, { ...ASKED, caller, bytes });
    const going = new AbortController();
    const endless = pool.read('endless', { begun: file('begun') }, { ...ASKED, signal: going.signal });
    const waiting = [ask('a', 1_000_000), ask('b', 0)];
    await expect(ask('a', 1_000_000)).rejects.toThrow(ReadQueueFull);
    await expect(ask('c', 1_000_000)).rejects.toThrow('in all');
    waiting.push(ask('a', 0), ask('c', 500_000));
    going.abort();
    await expect(endless).rejects.toThrow('given up');
    expect(await Promise.all(waiting)).toHaveLength(4);
  });
});
