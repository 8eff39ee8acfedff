import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Answer, Asked, HostileServer } from './hostile-server.ts';
import { peakOf } from './peak-of.ts';

const MIB = 1024 * 1024;
/** Twice the promised time, which was measured on an idle machine. Only the last test checks times. */
const NEIGHBOUR_MS = 2 * 200;
const OVERRUN_MS = 2 * 250;
/** The server takes about 100 MB if it is idle, and 150 MB while questions are short. */
const SERVER_MOST_BYTES = 400 * MIB;
/** The data that the process may have, and the memory that Node's own program takes in addition. */
const READER_MOST_BYTES = (512 + 128) * MIB;
const SAMPLE_PAUSE_MS = 20;
/** The longest wait of a neighbour (another caller) on an idle machine while nobody attacks. */
const USUAL_MS = 20;
/** How often a neighbour asks before each attack. */
const QUIET_SAMPLES = 2;
/** If a question ends at all, it ends within this time even on a busy machine. */
const AT_ALL_MS = 60_000;

/** Runs attacks on a server, and checks how they affect its other callers. */
export interface Containment {
  /** Runs an attack, and checks the server's promises during and after it. Times are kept for `expectTimes`. */
  contain<Result>(attack: () => Promise<Result>): Promise<Result>;
  /** Asks a question that must end at its deadline at the latest. */
  askInTime(caller: string, asked: Asked & { timeoutMs: number }, query?: string): Promise<Answer>;
  /**
   * Adds a test, which must be the last. It compares medians of times, and allows longer times on a slower machine: the
   * neighbour's waits without attacks show how slow the machine is.
   */
  expectTimes(): void;
}

export function containment(server: HostileServer): Containment {
  vi.setConfig({ testTimeout: 4 * AT_ALL_MS });
  const quietMs: number[] = [];
  const neighbourMs: number[] = [];
  /** The deadlines of questions by their ids. */
  const deadlines = new Map<string, number>();
  const peaks = { server: 0, reader: 0 };

  async function sampleNeighbour(samples: number[], isOver: () => boolean): Promise<void> {
    do {
      const { status, ms } = await server.ask('neighbour', { sql: 'SELECT count(*) FROM leases' });
      expect(status).toBe(200);
      samples.push(ms);
      await sleep(SAMPLE_PAUSE_MS);
    } while (!isOver());
  }

  async function watchReaders(open: Set<string>, isOver: () => boolean): Promise<void> {
    do {
      for (const pid of server.sqlReaders()) {
        peaks.reader = Math.max(peaks.reader, peakOf(pid));
        const files = filesOf(pid);
        // A process that has not opened the archive is still starting, and reads Node's own files.
        if (!files.includes(server.archive)) continue;
        for (const path of files) if (!isOfItself(path, pid)) open.add(path);
      }
      await sleep(SAMPLE_PAUSE_MS);
    } while (!isOver());
  }

  return {
    async contain(attack) {
      const enough = quietMs.length + QUIET_SAMPLES;
      await sampleNeighbour(quietMs, () => quietMs.length >= enough);
      const before = server.state();
      // Makes the kernel measure the peak of memory from now on.
      writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
      const open = new Set<string>();
      let hasEnded = false;
      const attacked = attack().finally(() => {
        hasEnded = true;
      });
      const isOver = () => hasEnded;
      const [result] = await Promise.all([attacked, sampleNeighbour(neighbourMs, isOver), watchReaders(open, isOver)]);
      const after = server.state();
      // During an attack, the server itself writes only the lease.
      const isRenewed = after.lease !== before.lease;
      expect(isRenewed ? { ...after, lease: before.lease, wal: before.wal } : after).toEqual(before);
      for (const suffix of ['', '-wal', '-shm']) open.delete(server.archive + suffix);
      expect([...open]).toEqual([]);
      const serverBytes = peakOf(server.pid);
      peaks.server = Math.max(peaks.server, serverBytes);
      expect(serverBytes).toBeLessThan(SERVER_MOST_BYTES);
      expect(peaks.reader).toBeLessThan(READER_MOST_BYTES);
      expect(await server.ask('neighbour', { sql: 'SELECT 1' })).toMatchObject({ status: 200 });
      return result;
    },
    async askInTime(caller, asked, query = '') {
      const id = `in-time-${deadlines.size}`;
      deadlines.set(id, asked.timeoutMs);
      const answer = await server.ask(caller, asked, { id, query });
      expect(answer.ms).toBeLessThan(asked.timeoutMs + AT_ALL_MS);
      return answer;
    },
    expectTimes() {
      it('every question ended soon after its deadline, and a neighbour waited only a moment', () => {
        const elapsed = server.elapsedMs();
        const overrunsMs = [...deadlines].map(([id, deadlineMs]) => (elapsed.get(id) ?? Number.NaN) - deadlineMs);
        expect(overrunsMs.every(Number.isFinite)).toBe(true);
        const figures = `a neighbour waited ${figuresOf(neighbourMs)}, without attacks ${figuresOf(quietMs)}`;
        const overruns = `deadlines were overrun by ${figuresOf(overrunsMs)}`;
        const memory = `server ${Math.round(peaks.server / MIB)} MiB, a reader ${Math.round(peaks.reader / MIB)} MiB`;
        console.log(`${figures}; ${overruns}; at most: ${memory}`);
        const slower = Math.max(1, medianOf(quietMs) / USUAL_MS);
        expect(medianOf(neighbourMs)).toBeLessThan(slower * NEIGHBOUR_MS);
        expect(medianOf(overrunsMs)).toBeLessThan(slower * OVERRUN_MS);
      });
    },
  };
}

/** Whether Node reads the file to learn about its own memory, or the C library to learn how to return memory. */
function isOfItself(path: string, pid: number): boolean {
  // Node sometimes asks the kernel how much memory its control group may have.
  const isOfSystem = path === '/proc/meminfo' || path === '/proc/sys/vm/overcommit_memory';
  // What writes Parquet or Arrow is loaded when it is first asked for.
  const isOfProgram = /\/dist\/(chunk|parquet-file|arrow-file)-\w+\.js$/.test(path);
  return isOfSystem || isOfProgram || path.startsWith(`/proc/${pid}/`) || path.startsWith('/sys/fs/cgroup/');
}

/** Returns the files that a process has open, without devices. */
function filesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      .filter((path) => path.startsWith('/') && !path.startsWith('/dev/'));
  } catch {
    // The process has ended in the meantime.
    return [];
  }
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function figuresOf(values: readonly number[]): string {
  return `${Math.round(medianOf(values))} ms (median of ${values.length}, at most ${Math.round(Math.max(...values))})`;
}
