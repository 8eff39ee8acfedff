import { UserFault } from '../lib/errors/user-fault.ts';
import { type FileIdentity, identifyFile } from '../lib/files/identify-file.ts';

const TRIES = 3;

/**
 * Opens an archive and makes sure that the open files are the ones at its path. SQLite can't say this, so the file at
 * the path must be the same before and after the opening. An overlay file system copies a file when it is opened for
 * writing; then the next try succeeds. If the file did not exist before, `open` made it. Throws UserFault if the file
 * changes at every try; also throws the errors of `open`.
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
