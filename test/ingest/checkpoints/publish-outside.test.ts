import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newestCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { publishOutside } from '../../../src/ingest/checkpoints/publish-outside.ts';
import { memoryLog } from '../../memory-log.ts';
import { startFakeS3 } from '../../upstream/fake-s3.ts';
import { START, startTrial } from '../archive-trial.ts';

const BUCKET = { bucket: 'kept', prefix: 'a/', lock: { days: 10, mode: 'COMPLIANCE' as const } };
const NAME = /^\/kept\/a\/checkpoint-20260331T120000\.000Z-(\d+)-[0-9a-f]{16}\?/;

describe('checkpoints in a bucket', () => {
  test('are stored after each pass, each as an object of its own with a lock', async () => {
    const { requests, objects } = await startFakeS3();
    const { db, pass } = await startTrial({ invocations: 50 });
    const notes: string[] = [];
    for (let n = 0; n < 2; n++) {
      await pass({ config: { checkpointBucket: BUCKET } });
      notes.push(newestCheckpoint(db.sqlite)?.note ?? '');
    }
    expect([...objects.values()]).toEqual(notes);
    const sizes = [...objects.keys()].map((path) => Number(NAME.exec(path)?.[1]));
    expect(sizes[1]).toBe(newestCheckpoint(db.sqlite)?.size);
    for (const { headers } of requests)
      expect(headers).toMatchObject({
        'x-amz-object-lock-mode': 'COMPLIANCE',
        'x-amz-object-lock-retain-until-date': '2026-04-10T12:00:00Z',
      });
  });

  test('are not stored again if they are already in the bucket', async () => {
    const { objects } = await startFakeS3();
    const { log, logged } = memoryLog();
    const { db, config, pass } = await startTrial({ invocations: 50 });
    await pass();
    const made = newestCheckpoint(db.sqlite);
    if (!made) throw new Error('The pass made no checkpoint.');
    const deps = {
      config: { ...config, checkpointBucket: BUCKET },
      log,
      now: () => START,
      signal: new AbortController().signal,
    };
    await publishOutside(deps, made);
    const before = [...objects];
    await publishOutside(deps, made);
    expect([...objects]).toEqual(before);
    expect(logged).toEqual([]);
  });

  test('do not make the pass fail if the bucket refuses them: an error says what to do, and the next pass stores a checkpoint of its own', async () => {
    const s3 = await startFakeS3();
    const { log, logged } = memoryLog();
    const { db, pass } = await startTrial({ invocations: 50 });
    s3.refuse({ status: 403, code: 'AccessDenied' });
    const config = { checkpointBucket: BUCKET };
    expect((await pass({ config, log })).outcome).toBe('complete');
    expect(logged.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
      'The checkpoint could not be put into s3://kept/a/. AccessDenied: No. Grant s3:PutObject and s3:PutObjectRetention on arn:aws:s3:::kept/a/* to the identity that ssm-archive runs as. The next pass publishes its own checkpoint, which also covers the leaves of this one.',
    ]);
    s3.refuse(undefined);
    await pass({ config, log });
    expect([...s3.objects.values()]).toEqual([newestCheckpoint(db.sqlite)?.note]);
  });

  test('are stored even if the directory for checkpoints cannot be written', async () => {
    const { objects } = await startFakeS3();
    const { log, logged } = memoryLog();
    const { config, pass } = await startTrial({ invocations: 50 });
    const checkpointDirectory = join(config.db, 'no-folder');
    expect((await pass({ config: { checkpointBucket: BUCKET, checkpointDirectory }, log })).outcome).toBe('complete');
    expect(logged.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
      expect.stringContaining(`could not be written into ${checkpointDirectory}: make the folder writable`),
    ]);
    expect(objects.size).toBe(1);
  });
});
