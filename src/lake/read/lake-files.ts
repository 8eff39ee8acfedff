import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealedObject } from '../../archive/sealed/read-sealed-days.ts';

/** The objects of a lake as files of this machine. */
export interface LakeFiles {
  /** The place of the lake, for messages. */
  readonly name: string;
  /**
   * Resolves with the path of a file that has an object's content; undefined if the lake has another one there now.
   * Rejects with a sentence for the user if the lake can't be reached.
   */
  pathOf(object: SealedObject): Promise<string | undefined>;
}

/** Returns the files of a lake in a folder, where they are. */
export function folderFiles(folder: string): LakeFiles {
  return {
    name: folder,
    async pathOf({ key, sizeBytes }) {
      const path = join(folder, ...key.split('/'));
      // `verify --lake` compares digests. To do that for each question would take longer than the question.
      const { size } = await stat(path);
      return size === sizeBytes ? path : undefined;
    },
  };
}
