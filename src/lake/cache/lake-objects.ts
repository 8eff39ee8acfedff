import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';

/** An object of the lake as a file on this machine. */
export interface OpenedObject {
  path: string;
  /** Call it when the file is not needed any more: then it may leave the cache. */
  release(): Promise<void>;
}

/** The objects of the lake as files, each of them compared with what the ledger says of it. */
export interface LakeObjects {
  /**
   * Opens an object. Rejects with LakeObjectWrong if the object is missing or is another one, and with LakeFault if the
   * lake can't be read or the cache has no room.
   */
  open(object: SealedObject): Promise<OpenedObject>;
  close(): Promise<void>;
}

/** The folder for objects of a bucket, and how many bytes all processes together may keep there. */
export interface CacheOptions {
  folder: string;
  maxBytes: number;
  /**
   * Whether each object is fetched from the bucket at each opening, although the cache may have it: a verification asks
   * what the lake has, not what this machine has.
   */
  isFresh?: boolean | undefined;
}
