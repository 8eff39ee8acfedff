import { join } from 'node:path';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';

export const NODE = 'i-0123456789abcdef0';
export const OTHER_NODE = 'i-0123999999abcdef0';
export const COMMAND = '11111111-2222-4333-8444-555555555555';

/** Makes a folder with an archive of two invocations of March 2026 and one of 2023, whose status AWS does not list. */
export function folderWithArchive(): string {
  const folder = tempFolder();
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(
    page([
      rawInvocation({ InstanceId: NODE, Comment: 'CHG-1', CommandPlugins: [rawPlugin()] }),
      rawInvocation({ InstanceId: OTHER_NODE, Status: 'Rebooted', StatusDetails: 'Rebooted' }),
      rawInvocation({ CommandId: '99999999-2222-4333-8444-555555555555', RequestedDateTime: 1672531200 }),
    ]),
  );
  db.close();
  return folder;
}
