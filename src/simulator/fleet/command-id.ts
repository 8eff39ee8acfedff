import { mix } from '../draw.ts';

/** A command's position in the fleet: its site, its day since 1970, and its index in that day. */
export interface CommandPlace {
  readonly site: number;
  readonly day: number;
  readonly index: number;
}

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{12})$/;

/**
 * Returns a command's id, which looks like a version 4 UUID. It holds the position under a mask, so no table of ids is
 * needed: 16 bits of day, 8 of site and 24 of index, masked; the other digits prove that the id belongs to this fleet.
 */
export function encodeCommandId(seedKey: number, { site, day, index }: CommandPlace): string {
  const high = (((day & 0xffff) << 16) | ((site & 0xff) << 8) | ((index >>> 16) & 0xff)) >>> 0;
  const low = index & 0xffff;
  const check = mix(mix(seedKey, high), low);
  const tail = mix(check, 1);
  const more = mix(check, 2);
  const maskedHigh = (high ^ mix(seedKey, check)) >>> 0;
  const maskedLow = (low ^ mix(seedKey, tail)) & 0xffff;
  const variant = 0x8000 | (more & 0x3fff);
  return `${hex(maskedHigh, 8)}-${hex(maskedLow, 4)}-4${hex((more >>> 14) & 0xfff, 3)}-${hex(variant, 4)}-${hex(check, 8)}${hex(tail & 0xffff, 4)}`;
}

/** Returns the position in a command's id, or undefined for an id that is not of this fleet. */
export function decodeCommandId(seedKey: number, id: string): CommandPlace | undefined {
  const match = UUID.exec(id);
  if (!match) return undefined;
  const [, maskedHigh = '', maskedLow = '', , , end = ''] = match;
  const check = Number.parseInt(end.slice(0, 8), 16);
  const high = (Number.parseInt(maskedHigh, 16) ^ mix(seedKey, check)) >>> 0;
  const low = (Number.parseInt(maskedLow, 16) ^ mix(seedKey, mix(check, 1))) & 0xffff;
  const place = { site: (high >>> 8) & 0xff, day: high >>> 16, index: ((high & 0xff) << 16) | low };
  return encodeCommandId(seedKey, place) === id ? place : undefined;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
