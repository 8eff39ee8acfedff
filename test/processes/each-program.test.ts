import { EventEmitter, getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { passErrors } from '../../src/ingest/collector/collector-protocol.ts';
import { ChildError } from '../../src/lib/child/child-error.ts';
import { ChildLost } from '../../src/lib/child/child-lost.ts';
import { startChild } from '../../src/lib/child/start-child.ts';
import { watchBounds } from '../../src/lib/child/watch-bounds.ts';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { isAlive } from '../../src/lib/process/is-alive.ts';
import { namedErrors } from '../../src/processes/named-errors.ts';
import { SqlFault } from '../../src/questions/sql/sql-fault.ts';
import { builtProgram } from '../built-program.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { startHost } from '../lib/child/start-host.ts';
import { childrenOf } from '../service/processes.ts';
import { until } from '../until.ts';

/** A protocol that fits all programs, so that this test can ask each of them in the same way. */
interface AnyProtocol {
  asks: Record<string, (input: unknown) => unknown>;
  events: Record<string, unknown>;
  tells: Record<string, unknown>;
  ready: unknown;
}

interface Program {
  name: Parameters<typeof builtProgram>[0];
  serialization: 'json' | 'advanced';
  args(archive: string): string[];
  /** Questions that the program can be asked at any time, each with its result: an answer, or the class of an error. */
  asked: { name: string; input: unknown; answer?: unknown; fails?: abstract new (...args: never[]) => Error }[];
  /** Whether the program ends after its first answer. */
  isOnce?: boolean;
}

const missing = '/nowhere/at/all.db';
const QUERY = { sql: 'SELECT 1 AS one', limit: 1, maxBytes: 1000 };
const PROGRAMS: Program[] = [
  {
    ...{ name: 'reader', serialization: 'json', args: (archive) => [archive, 'usual'] },
    asked: [
      { name: 'read', input: { name: 'statusValues', input: {} }, answer: expect.anything() },
      { name: 'read', input: { name: 'none of them', input: {} }, fails: ChildError },
      {
        ...{ name: 'stream', input: { name: 'none of them', input: {} } },
        answer: { bytes: 0, rows: null, isWorn: false, error: expect.objectContaining({ name: 'Error' }) },
      },
    ],
  },
  {
    ...{ name: 'sql-reader', serialization: 'json', args: (archive) => [archive, 'usual'] },
    asked: [
      {
        ...{ name: 'stream', input: { name: 'selectJson', input: QUERY } },
        answer: { bytes: expect.any(Number), rows: 1, isWorn: false },
      },
      {
        ...{ name: 'stream', input: { name: 'selectJson', input: { ...QUERY, sql: 'SELEC' } } },
        answer: expect.objectContaining({ error: expect.objectContaining({ name: SqlFault.name }) }),
      },
    ],
  },
  {
    ...{ name: 'verifier', serialization: 'advanced', args: (archive) => [archive, 'usual'] },
    asked: [
      { name: 'begin', input: undefined, answer: { size: 0, sealed: 0 } },
      { name: 'verify', input: { kind: 'rows' }, answer: { kind: 'faults', of: 'rows', faults: [] } },
      { name: 'verify', input: undefined, fails: ChildError },
    ],
  },
  {
    ...{ name: 'lake-verifier', serialization: 'advanced' },
    args: (archive) => [
      archive,
      'usual',
      JSON.stringify({ location: '/nowhere', cacheFolder: '/nowhere', cacheBytes: 0 }),
    ],
    asked: [{ name: 'verify', input: '2026-03-01', fails: ChildError }],
  },
  {
    ...{ name: 'evidence-maker', serialization: 'advanced', args: () => [] },
    asked: [{ name: 'make', input: { archivePath: missing }, fails: UserFault }],
  },
  {
    ...{ name: 'collector', serialization: 'json', args: () => [], isOnce: true },
    asked: [{ name: 'collect', input: { config: { db: missing }, logLevel: 'silent' }, fails: UserFault }],
  },
  {
    ...{ name: 'sealer', serialization: 'json', args: () => [], isOnce: true },
    asked: [{ name: 'seal', input: { config: { db: missing }, logLevel: 'silent' }, fails: UserFault }],
  },
  {
    ...{ name: 'stager', serialization: 'json', args: () => [] },
    asked: [
      { name: 'load', input: null, answer: null },
      { name: 'stage', input: { path: missing, day: '2026-03-01', months: [] }, fails: ChildError },
    ],
  },
];

function begin({ name, serialization, args }: Program) {
  const child = startChild<AnyProtocol>({
    ...{ program: builtProgram(name), args: args(tempArchive().sqlite.name), serialization, hasPipe: true },
    errors: [...namedErrors, ...passErrors],
    isMute: true,
  });
  // Output that nobody reads would block the process.
  child.pipe?.resume();
  onTestFinished(() => child.end());
  return child;
}

/** Pauses the program by SIGSTOP in the middle of a question, so that it does nothing more and never answers. */
function beginStopped(program: Program) {
  const child = begin(program);
  process.kill(child.pid ?? 0, 'SIGSTOP');
  const [{ name, input } = { name: '', input: undefined }] = program.asked;
  const asked = child.ask(name, input).catch((error: unknown) => ({ error, isAlive: isAlive(child.pid ?? 0) }));
  return { child, asked };
}

describe.each(PROGRAMS)('the program $name', (program) => {
  it('answers questions in order, including those that fail, and leaves no event listener behind, however many questions it gets', async () => {
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
    const child = begin(program);
    const ended: number[] = [];
    const rounds = program.isOnce ? 1 : 12;
    const questions = Array.from({ length: rounds }, () => program.asked).flat();
    const outcomes = await Promise.all(
      questions.map(({ name, input }, at) =>
        child.ask(name, input).then(
          (answer) => ({ at: ended.push(at), answer }),
          (error: unknown) => ({ at: ended.push(at), error }),
        ),
      ),
    );
    for (const [at, { answer, fails }] of questions.entries())
      expect(outcomes[at]).toEqual({ at: at + 1, ...(fails ? { error: expect.any(fails) } : { answer }) });
    await child.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    expect(listeners()).toEqual(before);
  });

  it('makes its question fail if it is killed in the middle of the question', async () => {
    const { child, asked } = beginStopped(program);
    process.kill(child.pid ?? 0, 'SIGKILL');
    expect(await asked).toEqual({ error: expect.any(ChildLost), isAlive: false });
    expect(await child.gone).toBe('SIGKILL');
  });

  it.each(['late', 'aborted'])(
    'is ended if its question is %s; the question then fails with the reason',
    async (why) => {
      const { child, asked } = beginStopped(program);
      const stop = new AbortController();
      const reason = new Error(why);
      const deadlineMs = why === 'late' ? 20 : 100_000;
      watchBounds({ deadlineMs, signal: stop.signal }, () => child.end(reason));
      if (why === 'aborted') stop.abort();
      expect(await asked).toEqual({ error: reason, isAlive: false });
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    },
  );

  it('ends if its parent is killed by SIGKILL', async () => {
    const { path } = builtProgram(program.name);
    const host = startHost(path, { args: program.args(tempArchive().sqlite.name) });
    await until(() => childrenOf(Number(host.pid)).length === 1);
    const [child = 0] = childrenOf(Number(host.pid));
    host.kill('SIGKILL');
    await until(() => !isAlive(child));
  });
});
