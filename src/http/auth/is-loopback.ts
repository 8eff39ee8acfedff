import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Whether only this machine can reach that address: true for 127.0.0.0/8, ::1 and the name localhost. False for any
 * other name, even if it resolves to a loopback address, and for 0.0.0.0 and ::, which mean all addresses of the
 * machine.
 */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
