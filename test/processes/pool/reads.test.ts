import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { ReadAborted, ReaderFailed, ReadQueueFull, ReadTimedOut } from '../../../src/processes/pool/errors.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { until } from '../../until.ts';
import { ASKED, numberIn, poolTrial } from './pool-trial.ts';

describe('a read in a reading process', () => {
  it('returns the result of its function, or undefined if the function finds nothing', async () => {
    const { pool } = poolTrial();
    const value = { text: 'é🎉', list: [1, null, true], none: null };
    expect(await pool.read('echo', { value }, ASKED)).toEqual(value);
    expect(await pool.read('nothing', {}, ASKED)).toBeUndefined();
    expect(await pool.read('pid', {}, ASKED)).not.toBe(process.pid);
  });

  it('may have an answer of many megabytes', async () => {
    const { pool } = poolTrial();
    const text = await pool.read('text', { length: 5_000_000 }, ASKED);
    expect(text === 'é'.repeat(5_000_000)).toBe(true);
  });

  it('can neither write nor see the environment of the server', async () => {
    const { pool } = poolTrial();
    await expect(pool.read('writes', { sql: 'DELETE FROM leases' }, ASKED)).rejects.toThrow('readonly');
    expect(await pool.read('environment', {}, ASKED)).not.toContain('PATH');
  });

  it('fails only for its caller if it throws; the complete error is logged, and the process keeps running', async () => {
    const { pool, logged } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    await expect(pool.read('throws', {}, ASKED)).rejects.toThrow(ReaderFailed);
    expect(logged).toMatchObject([{ level: 50, read: 'throws', error: { name: 'RangeError', message: 'too far' } }]);
    expect(logged[0]?.error).toHaveProperty('stack');
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
  });

  it('fails if its process dies, and another process answers the next read', async () => {
    const { pool, logged } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    await expect(pool.read('exits', {}, ASKED)).rejects.toThrow('ended before its answer');
    expect(logged).toMatchObject([{ level: 40, reader: pid, how: 'exit code 3' }]);
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
  });

  it('finds another process if the idle one was killed', async () => {
    const { pool } = poolTrial();
    const pid = await pool.read('pid', {}, ASKED);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
  });

  it('continues after the SIGTERM that a service manager sends to all processes', async () => {
    const { pool, file } = poolTrial();
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    const pid = await numberIn(file('begun'));
    process.kill(pid, 'SIGTERM');
    writeFileSync(file('go'), '');
    expect(await held).toBe(pid);
  });
});

describe('a read past its deadline', () => {
  it('is ended together with its process, even deep inside a query, and another process answers the next read', async () => {
    const { pool, file } = poolTrial();
    const asked = { ...ASKED, deadlineMs: 1500 };
    await pool.read('pid', {}, ASKED);
    await expect(pool.read('endless', { begun: file('begun') }, asked)).rejects.toThrow(new ReadTimedOut(1500));
    const pid = await numberIn(file('begun'));
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await until(() => !isAlive(pid));
  });

  it('is dropped if it was still waiting, and the read that runs continues', async () => {
    const { pool, file } = poolTrial();
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    const pid = await numberIn(file('begun'));
    await expect(pool.read('pid', {}, { caller: 'b', deadlineMs: 1 })).rejects.toThrow(ReadTimedOut);
    writeFileSync(file('go'), '');
    expect(await held).toBe(pid);
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
  });
});

describe('a read that is given up', () => {
  it('frees its process at once', async () => {
    const { pool, file } = poolTrial();
    const going = new AbortController();
    const endless = pool.read('endless', { begun: file('begun') }, { ...ASKED, signal: going.signal });
    const pid = await numberIn(file('begun'));
    going.abort();
    await expect(endless).rejects.toThrow(ReadAborted);
    expect(await pool.read('pid', {}, ASKED)).not.toBe(pid);
    await until(() => !isAlive(pid));
  });

  it('is dropped if it is waiting, and never begins if it was given up before it was asked', async () => {
    const { pool, file } = poolTrial();
    const going = new AbortController();
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    const waiting = pool.read('endless', { begun: file('never') }, { ...ASKED, signal: going.signal });
    going.abort();
    await expect(waiting).rejects.toThrow(ReadAborted);
    await expect(
      pool.read('endless', { begun: file('never') }, { ...ASKED, signal: AbortSignal.abort() }),
    ).rejects.toThrow(ReadAborted);
    writeFileSync(file('go'), '');
    const pid = await held;
    expect(await pool.read('pid', {}, ASKED)).toBe(pid);
    expect(existsSync(file('never'))).toBe(false);
  });

  it('does not affect its process if it was already answered', async () => {
    const { pool } = poolTrial();
    const going = new AbortController();
    const pid = await pool.read('pid', {}, { ...ASKED, signal: going.signal });
    const next = pool.read('pid', {}, ASKED);
    going.abort();
    expect(await next).toBe(pid);
  });
});

describe('reads that wait', () => {
  it('are answered in turns, one read of each caller after another', async () => {
    const { pool, file } = poolTrial();
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    await numberIn(file('begun'));
    const order: string[] = [];
    const ask = async (caller: string, name: string) => {
      await pool.read('echo', { value: name }, { ...ASKED, caller });
      order.push(name);
    };
    const asked = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3'), ask('b', 'b1')];
    writeFileSync(file('go'), '');
    await Promise.all([held, ...asked]);
    expect(order).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('leave a process free for other callers if the reads of one caller could take all processes', async () => {
    const { pool, file } = poolTrial({ readers: 2, readsPerCaller: 1 });
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    await numberIn(file('begun'));
    const second = pool.read('echo', { value: 'second' }, ASKED);
    const order: string[] = [];
    void second.then(() => order.push('a'));
    await pool.read('pid', {}, { ...ASKED, caller: 'b' });
    await pool.read('pid', {}, { ...ASKED, caller: 'b' });
    order.push('b');
    writeFileSync(file('go'), '');
    await Promise.all([held, second]);
    expect(order).toEqual(['b', 'a']);
  });

  it('are refused beyond the limit for one caller or for all callers, and the refusal says when to ask again', async () => {
    const { pool, file } = poolTrial({ waitingPerCaller: 1, waitingInAll: 2 });
    const held = pool.read('held', { begun: file('begun'), until: file('go') }, ASKED);
    await numberIn(file('begun'));
    const ask = (caller: string) => pool.read('echo', { value: caller }, { ...ASKED, caller });
    const first = ask('a');
    const refusal = await ask('a').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ReadQueueFull);
    expect(refusal).toMatchObject({ retryAfterMs: 1000, message: expect.stringContaining('of this caller') });
    const second = ask('b');
    await expect(ask('c')).rejects.toThrow('Too many reads in all are waiting.');
    writeFileSync(file('go'), '');
    expect(await Promise.all([first, second, held])).toHaveLength(3);
    expect(await ask('c')).toBe('c');
  });
});

describe('an archive that cannot be opened', () => {
  it('makes reads fail with a message, long before their deadline, until it can be opened', async () => {
    const archivePath = join(tempFolder(), 'archive.db');
    const { pool, logged } = poolTrial({ archivePath });
    await expect(pool.read('pid', {}, ASKED)).rejects.toThrow('No process that reads the archive could start.');
    expect(logged[0]).toMatchObject({ level: 50, archive: archivePath, how: 'exit code 1', pauseMs: 100 });
    openArchive(archivePath).close();
    let pid: number | undefined;
    while (pid === undefined) pid = await pool.read('pid', {}, ASKED).catch(() => undefined);
    expect(pid).toBeGreaterThan(0);
  });
});
