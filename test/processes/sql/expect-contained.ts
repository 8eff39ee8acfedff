import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Answer, Asked, HostileServer } from './hostile-server.ts';
import { peakOf } from './peak-of.ts';

const MIB = 1024 * 1024;
/** Twice what is promised, and measured on a quiet machine: no test is one of time. */
const NEIGHBOUR_MS = 2 * 200;
const OVERRUN_MS = 2 * 250;
/** It takes about a hundred where nothing is asked, and half as much again where questions are short. */
const SERVER_MOST_BYTES = 400 * MIB;
/** Its data, and what Node's own program takes beside. */
const READER_MOST_BYTES = (512 + 128) * MIB;
const SAMPLE_PAUSE_MS = 20;
/** What a neighbour waits at most on a machine that does nothing else, and where nobody attacks. */
const USUAL_MS = 20;
/** So often a neighbour asks before each attack. */
const QUIET_SAMPLES = 2;
/** A machine that is busy with other things may take longer; what never ends does not come within this. */
const AT_ALL_MS = 60_000;

/** What attacks on a server have cost others. */
export interface Containment {
  /** Runs an attack, and holds the server to its promise meanwhile and afterwards. Times are kept for `expectTimes`. */
  contain<Result>(attack: () => Promise<Result>): Promise<Result>;
  /** Asks what is to end at its deadline, at the latest. */
  askInTime(caller: string, asked: Asked & { timeoutMs: number }, query?: string): Promise<Answer>;
  /**
   * A test, the last. Medians, and by as much more as the machine is slower because it does other things too: that shows
   * in what a neighbour waits while nobody attacks.
   */
  expectTimes(): void;
}

export function containment(server: HostileServer): Containment {
  vi.setConfig({ testTimeout: 4 * AT_ALL_MS });
  const quietMs: number[] = [];
  const neighbourMs: number[] = [];
  /** By the id of the question. */
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
        // One that still starts reads what Node itself begins with.
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
      // The most memory that it had is counted anew from here on.
      writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
      const open = new Set<string>();
      let hasEnded = false;
      const attacked = attack().finally(() => {
        hasEnded = true;
      });
      const isOver = () => hasEnded;
      const [result] = await Promise.all([attacked, sampleNeighbour(neighbourMs, isOver), watchReaders(open, isOver)]);
      const after = server.state();
      // Its lease is all that the server itself writes meanwhile.
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
      it('nobody outlived a deadline by long, and a neighbour waited for a moment', () => {
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

/** Node looks at its own memory, and the C library at how it may be given back. */
function isOfItself(path: string, pid: number): boolean {
  return path === '/proc/meminfo' || path === '/proc/sys/vm/overcommit_memory' || path.startsWith(`/proc/${pid}/`);
}

/** Files that a process has open, but for devices. */
function filesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
      .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      .filter((path) => path.startsWith('/') && !path.startsWith('/dev/'));
  } catch {
    // It has ended in the meantime.
    return [];
  }
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function figuresOf(values: readonly number[]): string {
  return `${Math.round(medianOf(values))} ms (median of ${values.length}, at most ${Math.round(Math.max(...values))})`;
}
