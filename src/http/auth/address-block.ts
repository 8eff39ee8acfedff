import { isIPv6 } from 'node:net';

/**
 * Returns the block of addresses that is assumed to belong to one client: an IPv4 address itself, or the /64 of an IPv6
 * address, however the address is written. Failed attempts are counted per block, so a client with 2^64 addresses
 * counts as one.
 */
export function addressBlock(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const missing = Math.max(0, 8 - before.length - after.length);
  const groups = tail === undefined ? before : [...before, ...Array<string>(missing).fill('0'), ...after];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/**
 * Inside an IPv6 address, an IPv4 address can only be at the end. It counts as two groups, which are never among the
 * first four.
 */
function groupsOf(part: string): string[] {
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : group === '' ? [] : [group]));
}
