import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { ReadAborted, ReaderFailed, ReadTimedOut } from '../../../src/processes/pool/errors.ts';
import { until } from '../../until.ts';
import { ASKED, numberIn, poolTrial } from './pool-trial.ts';

const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Returns how often each character occurs in the stream, read up to its end. */
async function charactersOf(body: ReadableStream<Uint8Array>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const chunk of body) {
    for (const code of new Set(chunk)) {
      const character = String.fromCharCode(code);
      counts[character] = (counts[character] ?? 0) + chunk.reduce((sum, other) => sum + Number(other === code), 0);
    }
  }
  return counts;
}

describe('a stream from a reading process', () => {
  it('has every byte, and the number of its rows at its end', async () => {
    const { pool } = poolTrial();
    const { body, rows } = await pool.stream('chunks', { text: 'x', count: 30 }, ASKED);
    expect(rows()).toBeNull();
    expect(await charactersOf(body)).toEqual({ x: 3_000_000 });
    expect(rows()).toBe(30);
  });

  it('may be empty', async () => {
    const { pool } = poolTrial();
    const { body, rows } = await pool.stream('chunks', { text: 'x', count: 0 }, ASKED);
    expect([await charactersOf(body), rows()]).toEqual([{}, 0]);
  });

  it('never has a byte of an earlier stream of the same process', async () => {
    const { pool } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    const asked = [...'abcdef'].map(async (text) => {
      const { body } = await pool.stream('chunks', { text, count: 7 }, ASKED);
      return charactersOf(body);
    });
    expect(await Promise.all(asked)).toEqual([...'abcdef'].map((text) => ({ [text]: 700_000 })));
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
  });

  it('is sent from its first bytes on, before it has ended', async () => {
    const { pool, file } = poolTrial();
    const { body, rows } = await pool.stream('held', { text: 'first', until: file('go') }, ASKED);
    const reader = body.getReader();
    expect(String.fromCharCode(...((await reader.read()).value ?? []))).toBe('first');
    expect(rows()).toBeNull();
    writeFileSync(file('go'), '');
    expect((await reader.read()).done).toBe(true);
    expect(rows()).toBe(1);
  });

  it('is sent no faster than its client reads, so that neither process has more than a few buffers in memory', async () => {
    const { pool, file } = poolTrial({ readers: 2 });
    const written = file('written');
    const { body } = await pool.stream('chunks', { text: 'x', count: FOR_EVER, written }, ASKED);
    await numberIn(written);
    // Enough time to write gigabytes if the stream did not wait for its client.
    for (let n = 0; n < 2000; n++) await pool.read('echo', { value: n }, ASKED);
    expect(Number(readFileSync(written, 'utf8')) * 100_000).toBeLessThan(2_000_000);
    await body.cancel();
  });

  it('never takes all processes: another stream of any caller has to wait, but a read does not', async () => {
    const { pool } = poolTrial({ readers: 2 });
    const first = await pool.stream('chunks', { text: 'x', count: FOR_EVER }, ASKED);
    let hasBegun = false;
    const second = pool.stream('chunks', { text: 'y', count: 1 }, { ...ASKED, caller: 'b' });
    void second.then(() => {
      hasBegun = true;
    });
    for (const caller of ['a', 'b', 'a', 'b']) await pool.read('pid', {}, { ...ASKED, caller });
    expect(hasBegun).toBe(false);
    await first.body.cancel();
    expect(await charactersOf((await second).body)).toEqual({ y: 100_000 });
  });

  it('waits for its turn, and begins on a free process when another stream is abandoned', async () => {
    const { pool } = poolTrial({ readers: 3, longAtOnce: 1 });
    const going = new AbortController();
    const first = await pool.stream('chunks', { text: 'x', count: FOR_EVER }, { ...ASKED, signal: going.signal });
    const pids = new Set<number>();
    while (pids.size < 2)
      for (const pid of await Promise.all([1, 2].map(() => pool.read('pid', {}, ASKED)))) pids.add(pid);
    const second = pool.stream('chunks', { text: 'y', count: 1 }, ASKED);
    going.abort();
    await expect(charactersOf(first.body)).rejects.toThrow(ReadAborted);
    expect(await charactersOf((await second).body)).toEqual({ y: 100_000 });
  });
});

describe('a stream that does not end normally', () => {
  it('frees its process if its reader goes away, even if that process is blocked in a write', async () => {
    const { pool, file } = poolTrial({ readers: 1 });
    const pid = await pool.read('pid', {}, ASKED);
    const { body } = await pool.stream('chunks', { text: 'x', count: FOR_EVER, written: file('written') }, ASKED);
    await numberIn(file('written'));
    await body.cancel();
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await until(() => !isAlive(pid));
  });

  it('rejects if it is given up before its first byte', async () => {
    const { pool, file } = poolTrial();
    const going = new AbortController();
    const asked = { ...ASKED, signal: going.signal };
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    const waiting = pool.stream('chunks', { text: 'x', count: 1 }, asked);
    await numberIn(file('begun'));
    going.abort();
    await expect(waiting).rejects.toThrow(ReadAborted);
    writeFileSync(file('go'), '');
    expect(await held).toBe(await pool.read('pid', {}, ASKED));
  });

  it('rejects if its function throws at once, and breaks off with an error if the function throws later', async () => {
    const { pool, logged } = poolTrial();
    await expect(pool.stream('throwsAfter', { count: 0 }, ASKED)).rejects.toThrow(ReaderFailed);
    const { body, rows } = await pool.stream('throwsAfter', { count: 20 }, ASKED);
    await expect(charactersOf(body)).rejects.toThrow('too far');
    expect(rows()).toBeNull();
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(2);
    expect(await pool.read('echo', { value: 1 }, ASKED)).toBe(1);
  });

  it('breaks off with an error if its process dies, even if some of its bytes were not read yet, and the pool still works', async () => {
    const { pool } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    const { body } = await pool.stream('chunks', { text: 'x', count: FOR_EVER }, ASKED);
    process.kill(pid, 'SIGKILL');
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await expect(charactersOf(body)).rejects.toThrow(ReaderFailed);
    const short = await pool
      .stream('exitsAfter', { count: 1 }, ASKED)
      .then(({ body }) => charactersOf(body))
      .catch(String);
    expect(short).toContain('ended before its answer');
  });

  it('ends at its deadline even if nobody reads its bytes, and frees its process', async () => {
    const { pool } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    const { body } = await pool.stream('chunks', { text: 'x', count: FOR_EVER }, { ...ASKED, deadlineMs: 1500 });
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await expect(charactersOf(body)).rejects.toThrow(new ReadTimedOut(1500));
  });

  it('does not affect the next read of its process if it is cancelled or aborted after its end', async () => {
    const { pool } = poolTrial();
    const going = new AbortController();
    const { body } = await pool.stream('chunks', { text: 'x', count: 1 }, { ...ASKED, signal: going.signal });
    const pid = await pool.read('pid', {}, ASKED);
    const next = pool.read('pid', {}, ASKED);
    await body.cancel();
    going.abort();
    expect(await next).toBe(pid);
  });
});
