import { resolve } from 'node:path';
import { UserFault } from '../../lib/errors/user-fault.ts';

/** Where a lake is, as it is configured. */
export type LakeLocation =
  | { kind: 'folder'; path: string }
  | {
      kind: 's3';
      bucket: string;
      /** What all keys begin with: empty, or with a slash at its end. */
      prefix: string;
    };

const S3 = /^s3:\/\/([^/]*)\/*(.*)$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\//i;

/** Parses a folder's path, or `s3://bucket/prefix`. Throws UserFault for anything else. */
export function parseLocation(location: string): LakeLocation {
  const [, bucket, rest = ''] = S3.exec(location) ?? [];
  if (bucket === undefined) {
    if (location === '' || OTHER_SCHEME.test(location))
      throw wrong(`The lake "${location}" is neither a folder nor a bucket.`);
    return { kind: 'folder', path: resolve(location) };
  }
  if (!BUCKET.test(bucket)) throw wrong(`The lake "${location}" does not name a bucket: "${bucket}" can't be one.`);
  const parts = rest.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..'))
    throw wrong(`The lake "${location}" has "." or ".." in it, which S3 does not understand as a folder.`);
  return { kind: 's3', bucket, prefix: parts.map((part) => `${part}/`).join('') };
}

function wrong(sentence: string): UserFault {
  return new UserFault(`${sentence} Give the path of a folder, or s3://bucket/prefix.`, { exitCode: 2 });
}
