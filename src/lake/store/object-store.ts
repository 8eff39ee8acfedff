import { LakeFault } from './lake-fault.ts';

/** What is to be put into the lake: a file of the stage, and what may be at its place. */
export interface ObjectToPut {
  /** The place in the lake, with `/` between its folders. */
  key: string;
  /** The file with the content. */
  path: string;
  /** The SHA-256 of the content, in hex. */
  sha256: string;
  /** The SHA-256 of each object that may be there and is replaced; empty if there must be none. */
  replaces: readonly string[];
}

/** A version of an object, or what else a store keeps at its place. */
export interface ObjectVersion {
  kind: 'version' | 'deletion' | 'upload';
  /** The id of the version; none in a folder. */
  id: string | undefined;
  /** Whether it is the one that is read. */
  isPresent: boolean;
}

export interface StoredObject {
  key: string;
  sizeBytes: number;
}

/** Where the lake's objects are: a folder, or a bucket with a prefix. */
export interface ObjectStore {
  /** The place, for messages. */
  readonly name: string;
  /**
   * Puts an object, whole or not at all. If the object is there already with this content, that is as good: a seal that
   * was interrupted begins again. Throws LakeConflict if another object is at the place than the one to be replaced.
   */
  put(object: ObjectToPut): Promise<void>;
  /** The file of an object, where the lake is a folder: it can be read in place. */
  pathOf?(key: string): string;
  /** Copies an object into a file. Returns false if there is none. */
  get(key: string, path: string): Promise<boolean>;
  /** Lists the objects whose keys begin so, in order. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /**
   * Lists what the place of an object has: its versions with the present one, markers of deletions, and parts of uploads
   * that never ended. A folder has no versions. Rejects with VersionsHidden if the store does not let us see them.
   */
  versions(key: string): Promise<ObjectVersion[]>;
  /**
   * Removes an object from its place for ever, in all its versions. With `keep`, the SHA-256 of the present version, that
   * one stays. Resolves with how many versions went. Rejects if the store has kept any, or if the present one is another.
   */
  remove(key: string, keep?: string | undefined): Promise<number>;
  close(): void;
}

/** The store does not let us see which versions of its objects there are. The message says which right is missing. */
export class VersionsHidden extends LakeFault {
  override name = 'VersionsHidden';
}

/** Somebody else has put another object at a place of this archive. */
export class LakeConflict extends Error {
  override name = 'LakeConflict';
}
