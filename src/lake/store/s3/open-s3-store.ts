import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { NoSuchKey, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import type { ObjectStore, StoredObject } from '../object-store.ts';
import type { LakeLocation } from '../parse-location.ts';
import { connectS3 } from './connect-s3.ts';
import { explainS3 } from './explain-s3.ts';
import type { LakeBucket } from './lake-bucket.ts';
import { putObject } from './put-object.ts';
import { ObjectReplaced, readRanges } from './read-ranges.ts';
import { listVersions, removeVersions } from './remove-object.ts';

export interface S3StoreOptions {
  signal?: AbortSignal | undefined;
  /** How long a request may take; the default is in OUTGOING. */
  wholeMs?: number | undefined;
  /** How many objects a page of a listing has at most; by default as many as S3 gives. */
  pageSize?: number | undefined;
}

const TRIES = 3;

/** Returns a lake in a bucket. Sends nothing before it is asked for something. */
export function openS3Store(
  { bucket, prefix }: Extract<LakeLocation, { kind: 's3' }>,
  { signal, wholeMs, pageSize }: S3StoreOptions = {},
): ObjectStore {
  const client = connectS3({ ...(signal && { stopped: signal }), ...(wholeMs !== undefined && { wholeMs }) });
  const lake: LakeBucket = { client, bucket, prefix, name: `s3://${bucket}/${prefix}` };
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw explainS3(error, lake);
    }
  };
  return {
    name: lake.name,
    put: (object) => explained(() => putObject(lake, object)),
    get: (key, path) => explained(() => fetchObject(lake, key, path)),
    async *list(start) {
      const pages = listPages(lake, start, pageSize);
      for (;;) {
        const { value: page, done } = await explained(() => pages.next());
        if (done) return;
        yield* page;
      }
    },
    versions: (key) => explained(() => listVersions(lake, key)),
    remove: (key, keep) => explained(() => removeVersions(lake, key, keep)),
    close: () => client.destroy(),
  };
}

async function fetchObject(lake: LakeBucket, key: string, path: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await pipeline(readRanges(lake, key), createWriteStream(path));
      return true;
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof NoSuchKey) return false;
      if (!(error instanceof ObjectReplaced) || attempt === TRIES) throw error;
    }
  }
}

async function* listPages(
  { client, bucket, prefix }: LakeBucket,
  start: string,
  pageSize?: number,
): AsyncGenerator<StoredObject[], undefined> {
  const pages = paginateListObjectsV2(
    { client, ...(pageSize !== undefined && { pageSize }) },
    { Bucket: bucket, Prefix: prefix + start },
  );
  for await (const { Name, Contents = [] } of pages) {
    // The page of a web server would be read as a list without objects.
    if (Name === undefined)
      throw new ReplyUnreadable('The server that answered is not S3: it sent no list of objects.');
    yield Contents.map(({ Key = '', Size = 0 }) => ({ key: Key.slice(prefix.length), sizeBytes: Size }));
  }
}
