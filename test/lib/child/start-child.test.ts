import { EventEmitter, getEventListeners } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChildError } from '../../../src/lib/child/child-error.ts';
import { ChildLost } from '../../../src/lib/child/child-lost.ts';
import { type ChildOptions, startChild } from '../../../src/lib/child/start-child.ts';
import { userFaults } from '../../../src/lib/child/user-faults.ts';
import { watchBounds } from '../../../src/lib/child/watch-bounds.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { testProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { numberIn } from '../../processes/pool/pool-trial.ts';
import { childrenOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { startHost } from './start-host.ts';
import type { TrialProtocol } from './trial-protocol.ts';

const ASKED_OFTEN = 40;

function trial(options: Partial<ChildOptions<TrialProtocol>> = {}) {
  const child = startChild<TrialProtocol>({ program: testProgram('trial-child'), errors: userFaults, ...options });
  onTestFinished(() => child.end());
  return child;
}

describe('a child process', () => {
  it('answers questions in their order, even if a later question takes less time', async () => {
    const child = trial();
    const order: number[] = [];
    const asked = [30, 0, 10].map((afterMs, value) =>
      child.ask('later', { value, afterMs }).then((answer) => order.push(answer)),
    );
    await Promise.all(asked);
    expect(order).toEqual([0, 1, 2]);
  });

  it('sends each report to the question that it is about, before the answer', async () => {
    const child = trial();
    const [first, second]: [number[], number[]] = [[], []];
    const asked = [
      child.ask('counts', 3, { counted: (n) => first.push(n) }),
      child.ask('counts', 2, { counted: (n) => second.push(n) }),
    ];
    expect(await Promise.all(asked)).toEqual([3, 2]);
    expect({ first, second }).toEqual({ first: [1, 2, 3], second: [1, 2] });
  });

  it('receives a message while it works on a question', async () => {
    const child = trial();
    expect(await child.ask('waits', 'told', { waiting: () => child.tell('go', undefined) })).toBe('told');
  });

  it('reports once that it has started, and has only the arguments and the environment that were given', async () => {
    let ready: number | undefined;
    const child = trial({ args: ['a', 'b c'], env: { ONE: '1' }, onReady: (pid) => (ready = pid) });
    expect((await child.ask('arguments', undefined)).slice(0, 2)).toEqual(['a', 'b c']);
    const names = (await child.ask('environment', undefined)).filter((name) => !name.startsWith('NODE_CHANNEL'));
    expect(names).toEqual(['ONE']);
    // The child may answer a question before it reports that it has started.
    await until(() => ready !== undefined);
    expect(ready).toBe(child.pid);
  });

  it('can send bytes in its messages if it was started with a format that has more than JSON', async () => {
    const child = trial({ serialization: 'advanced' });
    expect(await child.ask('echo', { bytes: Buffer.from('é'), nothing: undefined })).toEqual({
      bytes: Buffer.from('é'),
      nothing: undefined,
    });
  });

  it('can fail with an error of a class that its starter names, and then goes on', async () => {
    const child = trial();
    const fault = await child.ask('fails', 'by a fault').catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UserFault);
    expect(fault).toMatchObject({ lines: ['first', 'second'], exitCode: 2 });
    expect(await child.ask('echo', 1)).toBe(1);
  });

  it('can fail with any other error: a ChildError keeps its name, message, code and stack', async () => {
    const child = trial();
    const other = await child.ask('fails', 'by another').catch((error: unknown) => error);
    expect(other).toBeInstanceOf(ChildError);
    expect(other).toMatchObject({ name: 'RangeError', message: 'too far', code: undefined });
    expect(other).toMatchObject({ stack: expect.stringContaining('trial-child') });
    await expect(child.ask('fails', 'by a code')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a child process that ends before its answers', () => {
  it.each([
    ['by itself', 'exit code 3', (child: ReturnType<typeof trial>) => child.ask('exits', 3)],
    [
      'by being killed in the middle of an answer',
      'SIGKILL',
      (child: ReturnType<typeof trial>) => {
        const begun = join(tempFolder(), 'begun');
        void numberIn(begun).then((pid) => process.kill(pid, 'SIGKILL'));
        return child.ask('hangs', begun);
      },
    ],
  ])('rejects all of its questions, including later ones, if it ends %s', async (_, how, end) => {
    const child = trial();
    const asked = [end(child), child.ask('echo', 1)];
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(ChildLost) });
    expect(outcomes[0]).toMatchObject({ reason: { message: expect.stringContaining(how) } });
    expect(await child.gone).toBe(how);
    expect(child.isAlive).toBe(false);
    child.tell('go', undefined);
    await expect(child.ask('echo', 1)).rejects.toThrow(ChildLost);
  });

  it('rejects its questions if its program is missing, with the error that its starter makes', async () => {
    const missing = { path: join(tempFolder(), 'missing.js') };
    await expect(trial({ program: missing, isMute: true }).ask('echo', 1)).rejects.toThrow('exit code 1');
    const lost = (how: string) => new RangeError(`lost by ${how}`);
    await expect(trial({ program: missing, isMute: true, lost }).ask('echo', 1)).rejects.toThrow(
      new RangeError('lost by exit code 1'),
    );
  });

  it('rejects its questions if no process could be started, and no other process is killed', async () => {
    const program = { ...testProgram('trial-child'), execPath: join(tempFolder(), 'no-node') };
    const child = trial({ program });
    expect(child.pid).toBeUndefined();
    await expect(child.ask('echo', 1)).rejects.toMatchObject({ cause: { code: 'ENOENT' } });
    await child.end();
    expect(await child.gone).toContain('ENOENT');
  });
});

describe('a child process that is ended', () => {
  it('rejects its questions with the reason once it has ended, even if it hung before that', async () => {
    const child = trial();
    const begun = join(tempFolder(), 'begun');
    const reason = new Error('enough');
    const asked = child.ask('hangs', begun).catch((error: unknown) => ({ error, isAlive: isAlive(child.pid ?? 0) }));
    await numberIn(begun);
    await child.end(reason);
    expect(await asked).toEqual({ error: reason, isAlive: false });
  });

  it.each([
    ['by a deadline', 'late', (bounds: AbortController) => ({ deadlineMs: 50, signal: bounds.signal })],
    [
      'by a signal',
      'aborted',
      (bounds: AbortController) => {
        setTimeout(() => bounds.abort(), 50);
        return { deadlineMs: 100_000, signal: bounds.signal };
      },
    ],
    [
      'by a signal that had aborted before',
      'aborted',
      (bounds: AbortController) => {
        bounds.abort();
        return { signal: bounds.signal };
      },
    ],
  ])(
    'rejects with the reason if it is ended %s, and leaves no listener on the signal',
    async (_, expected, boundsOf) => {
      const stop = new AbortController();
      const child = trial();
      watchBounds(boundsOf(stop), (why) => child.end(why));
      await expect(child.ask('hangs', join(tempFolder(), 'begun'))).rejects.toBe(expected);
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    },
  );

  it('is not ended again by its deadline, and leaves no listener on the signal', async () => {
    const stop = new AbortController();
    let ends = 0;
    const release = watchBounds({ deadlineMs: 20, signal: stop.signal }, () => ends++);
    release();
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    stop.abort();
    expect(ends).toBe(0);
  });
});

it('a child process ends when its parent is killed outright, whether the child is idle or hangs', async () => {
  const begun = join(tempFolder(), 'begun');
  const hosts = ['', begun].map((file) => startHost(testProgram('trial-child').path, { begun: file }));
  await numberIn(begun);
  await until(() => hosts.every(({ pid }) => childrenOf(Number(pid)).length === 1));
  const children = hosts.flatMap(({ pid }) => childrenOf(Number(pid)));
  for (const host of hosts) host.kill('SIGKILL');
  await until(() => !children.some(isAlive));
});

it('a child process that gets many questions and messages leaves no listener behind in either process', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  const most = EventEmitter.defaultMaxListeners;
  EventEmitter.defaultMaxListeners = 4;
  process.on('warning', hear);
  onTestFinished(() => {
    process.off('warning', hear);
    EventEmitter.defaultMaxListeners = most;
  });
  const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const before = listeners();
  const child = trial();
  const there = await child.ask('listeners', undefined);
  for (let n = 0; n < ASKED_OFTEN; n++) {
    expect(await child.ask('counts', 2, { counted: () => child.tell('go', undefined) })).toBe(2);
    await child.ask('fails', 'by another').catch(() => {});
  }
  expect(await child.ask('listeners', undefined)).toBe(there);
  await child.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  expect(listeners()).toEqual(before);
});
