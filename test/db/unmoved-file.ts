import type { FileWatch } from '../../src/archive/file/watch-file.ts';
import { identifyFile } from '../../src/lib/files/identify-file.ts';

/** A watch for an archive that nobody moves. */
export function unmovedFile(path: string): FileWatch {
  return { fault: async () => undefined, refuseMoved: async () => {}, known: () => identifyFile(path) };
}
