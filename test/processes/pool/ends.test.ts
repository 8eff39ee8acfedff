import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { ReadAborted } from '../../../src/processes/pool/errors.ts';
import { testProgram } from '../../built-program.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { childrenOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { ASKED, numberIn, poolTrial } from './pool-trial.ts';
import { TRIAL_READER } from './trial-program.ts';

describe('a program of low priority', () => {
  it('has a lower priority than other programs from its start', async () => {
    const { pool } = poolTrial({ program: { ...TRIAL_READER, isBackground: true } });
    const pid = await pool.read('pid', {}, ASKED);
    expect(getPriority(pid)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
  });
});

describe('a pool that is closed', () => {
  it('gives up reads that run, stream or wait, accepts no new reads, and leaves no process', async () => {
    const { pool, file } = poolTrial({ readers: 2 });
    const endless = pool.read('endless', { begun: file('begun') }, ASKED);
    const { body } = await pool.stream('chunks', { text: 'x', count: Number.MAX_SAFE_INTEGER }, ASKED);
    const waiting = pool.read('pid', {}, ASKED);
    const pid = await numberIn(file('begun'));
    const settled = Promise.allSettled([endless, waiting]);
    await pool.close();
    expect(isAlive(pid)).toBe(false);
    expect(await settled).toMatchObject([{ reason: expect.any(ReadAborted) }, { reason: expect.any(ReadAborted) }]);
    await expect(body.getReader().read()).rejects.toThrow(ReadAborted);
    await expect(pool.read('pid', {}, ASKED)).rejects.toThrow(ReadAborted);
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('leaves no process even if it is closed while its processes start', async () => {
    const { pool } = poolTrial({ readers: 2 });
    const waiting = pool.read('pid', {}, ASKED);
    const refused = expect(waiting).rejects.toThrow(ReadAborted);
    expect(childrenOf(process.pid)).toHaveLength(2);
    await pool.close();
    await refused;
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('leaves no process even if it is closed while it waits to start a process again', async () => {
    const { pool } = poolTrial({ archivePath: join(tempFolder(), 'none.db') });
    await pool.read('pid', {}, ASKED).catch(() => {});
    await pool.close();
    expect(childrenOf(process.pid)).toEqual([]);
  });
});

it('a server that is killed by SIGKILL leaves no reading process, whether that process is in a query, blocked in a write, or idle', async () => {
  const folder = tempFolder();
  const [begun, written] = [join(folder, 'begun'), join(folder, 'written')];
  const host = spawn(process.execPath, [testProgram('pool-host').path, tempArchive().sqlite.name, begun, written], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => {
    host.kill('SIGKILL');
  });
  await Promise.all([numberIn(begun), numberIn(written)]);
  const readers = childrenOf(Number(host.pid));
  expect(readers).toHaveLength(3);
  host.kill('SIGKILL');
  await once(host, 'exit');
  await until(() => !readers.some(isAlive));
});
