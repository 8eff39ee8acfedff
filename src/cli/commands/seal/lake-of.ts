import type { Config, LakeConfig } from '../../../config/config.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';

/** Returns the lake of the configuration. Throws UserFault if there is none. */
export function lakeOf({ lake }: Config): LakeConfig {
  if (lake) return lake;
  throw new UserFault(
    'There is no lake. Set lake in archive.yaml, or SSM_ARCHIVE_LAKE: the path of a folder, or s3://bucket/prefix.',
    { exitCode: 2 },
  );
}
