import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { isLeftOver, processMark } from '../../lib/process/process-mark.ts';

/** The folders of a cache. */
export interface CachePlaces {
  /** Whole objects, each named by its digest. */
  objects: string;
  /** Objects that are being fetched. */
  partial: string;
  /** A folder for each process, with the second names of the objects that it has open. */
  open: string;
}

export function placesOf(folder: string): CachePlaces {
  return { objects: join(folder, 'objects'), partial: join(folder, 'partial'), open: join(folder, 'open') };
}

/** The folder of this process. A cache that is opened twice in a process has two. */
export function ownFolder({ open }: CachePlaces): string {
  return join(open, `${processMark()}.${randomUUID()}`);
}

/** The name of an object that is being fetched says how many bytes it will have, so that others leave it that room. */
export function nameOfPartial({ sizeBytes }: SealedObject): string {
  return `${processMark()}.${sizeBytes}.${randomUUID()}`;
}

/** Returns how many bytes a file that is being fetched will have. */
export function sizeOfPartial(name: string): number {
  return Number(name.split('.')[1]) || 0;
}

/** Whether what has this name was left by a process that is over. */
export function isLeft(name: string, ageMs: number): boolean {
  const [mark = ''] = name.split('.');
  return isLeftOver(mark, ageMs);
}
