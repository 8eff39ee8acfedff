import { UserFault } from '../lib/errors/user-fault.ts';
import { type FileIdentity, identifyFile } from '../lib/files/identify-file.ts';

const TRIES = 3;

/**
 * Opens an archive so that it is known which files are open: nobody can ask SQLite for that, so the file at the path must be the same
 * before and after. An overlay copies a file up as it is opened for writing, which the next try finds done. A file that was not
 * there before is one that `open` has made. Throws UserFault where it is another at each try, and what `open` throws.
 */
export function openSteady<Opened extends { close(): void }>(
  path: string,
  open: () => Opened,
  identify: (path: string) => FileIdentity = identifyFile,
): { opened: Opened; identity: FileIdentity } {
  for (let n = 0; n < TRIES; n++) {
    const before = identify(path).main;
    const opened = open();
    const identity = identify(path);
    if (before === undefined || before === identity.main) return { opened, identity };
    opened.close();
  }
  throw new UserFault(
    `The archive ${path} was exchanged for another file while it was being opened, ${TRIES} times. Find out what moves it, and start again.`,
  );
}
