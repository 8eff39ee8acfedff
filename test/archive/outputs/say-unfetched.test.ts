import { expect, test } from 'vitest';
import { sayUnfetched } from '../../../src/archive/outputs/say-unfetched.ts';

test('an output that was asked for in vain, without that being a try, is said to be queued with the reason', () => {
  const unfetched = { position: 0, provenance: 's3', tries: 0, lastError: 'SlowDown', gaveUpAt: null } as const;
  expect(sayUnfetched(unfetched, { from: ['s3'] })).toBe(
    'Queued: S3 could not be asked yet, and a pass will ask again. SlowDown.',
  );
});
