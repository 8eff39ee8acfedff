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
  close(): void;
}

/** Somebody else has put another object at a place of this archive. */
export class LakeConflict extends Error {
  override name = 'LakeConflict';
}
