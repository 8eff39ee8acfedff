import type { FileWatch } from '../../src/archive/file/watch-file.ts';
import { identifyFile } from '../../src/lib/files/identify-file.ts';

/** A watch on an archive file that never reports that the file was moved or replaced. */
export function unmovedFile(path: string): FileWatch {
  return { fault: async () => undefined, refuseMoved: async () => {}, known: () => identifyFile(path) };
}
