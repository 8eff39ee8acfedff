import { readdirSync, readFileSync } from 'node:fs';

const KIB = 1024;

/** Returns the peak memory, in bytes, of a process and of each of its children; the process comes first. Linux only. */
export function peakRss(pid: number): number[] {
  return [pid, ...childrenOf(pid)].map(
    (each) => KIB * Number(/VmHWM:\s+(\d+)/.exec(statusOf(each))?.[1] ?? Number.NaN),
  );
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && new RegExp(`^PPid:\\s+${pid}$`, 'm').test(statusOf(Number(name))))
    .map(Number);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // The process ended after it was listed.
    return '';
  }
}
