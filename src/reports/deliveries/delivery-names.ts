import { hostMark } from '../../lib/process/host-mark.ts';

/** The process that writes a file, so that another can tell what was left behind by one that is gone. */
export interface FileOwner {
  /** The machine's name. */
  host: string;
  pid: number;
}

/** The name that a file has until it is whole: hidden, and with its owner. `final` is the name that it gets. */
export function temporaryName(final: string, { host, pid }: FileOwner): string {
  return `.${final}.ssm-archive-${hostMark(host)}-${pid}.tmp`;
}

/** What such a name says, or undefined for any other name. */
export function readTemporaryName(
  name: string,
): { final: string; pid: number; isOf(host: string): boolean } | undefined {
  const [, final, digest, pid] = /^\.(.+)\.ssm-archive-([0-9a-f]{8})-(\d+)\.tmp$/.exec(name) ?? [];
  if (final === undefined) return undefined;
  return { final, pid: Number(pid), isOf: (host) => hostMark(host) === digest };
}

/** What the files of a report written at that time are called, but for their endings: `what-ran-20260331T060000Z`. */
export function deliveryName(report: string, at: Date, n: number): string {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${report}-${stamp}Z${n === 1 ? '' : `-${n}`}`;
}

/** What is told of a delivery stands beside it. */
export function companionOf(name: string): string {
  return `${name}.json`;
}
