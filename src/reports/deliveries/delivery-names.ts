import { hostMark } from '../../lib/process/host-mark.ts';

/** The process that writes a file. It shows other processes whether the file was left behind. */
export interface FileOwner {
  /** The machine's name. */
  host: string;
  pid: number;
}

/**
 * Returns the name that a file has until it is complete: it is hidden and names the file's owner. `final` is the name
 * that the file will get.
 */
export function temporaryName(final: string, { host, pid }: FileOwner): string {
  return `.${final}.ssm-archive-${hostMark(host)}-${pid}.tmp`;
}

/** Returns the parts of such a temporary name, or undefined for any other name. */
export function readTemporaryName(
  name: string,
): { final: string; pid: number; isOf(host: string): boolean } | undefined {
  const [, final, digest, pid] = /^\.(.+)\.ssm-archive-([0-9a-f]{8})-(\d+)\.tmp$/.exec(name) ?? [];
  if (final === undefined) return undefined;
  return { final, pid: Number(pid), isOf: (host) => hostMark(host) === digest };
}

/** Returns the name of a report's files written at that time, without the ending: `what-ran-20260331T060000Z`. */
export function deliveryName(report: string, at: Date, n: number): string {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${report}-${stamp}Z${n === 1 ? '' : `-${n}`}`;
}

/** The name of the companion that describes a delivery. */
export function companionOf(name: string): string {
  return `${name}.json`;
}
