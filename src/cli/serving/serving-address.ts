import { isIP } from 'node:net';

/** Addresses that mean all addresses of the machine: a browser can't open them. */
const ALL = new Set(['0.0.0.0', '[::]']);

/** Returns the address at which a browser on this machine can open a server that listens on `url`. */
export function servingAddress(url: string): string {
  const open = new URL(url);
  if (ALL.has(open.hostname)) open.hostname = isIP(open.hostname) === 4 ? '127.0.0.1' : '[::1]';
  return open.href;
}
