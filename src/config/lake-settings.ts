import { resolve } from 'node:path';
import { z } from 'zod';
import { DAY_MS } from '../lib/time.ts';
import { bucketAddress } from './checkpoint-bucket.ts';
import type { LakeConfig } from './config.ts';

const DEFAULT_SEAL_AFTER_DAYS = 35;
const DEFAULT_CACHE_BYTES = 8 * 1024 * 1024 * 1024;

/** The path of a folder, or `s3://bucket/prefix`. */
export const lakeAddress = z.string().superRefine((text, context) => {
  const isUrl = /^[a-z][a-z0-9+.-]+:\//i.test(text);
  if (text !== '' && (!isUrl || bucketAddress.safeParse(text).success)) return;
  context.addIssue(`must be the path of a folder, or s3://bucket/prefix, not "${text}"`);
});

/** The settings of the lake. Each is undefined if it is not given. */
interface Given {
  lake: string | undefined;
  sealAfterDays: number | undefined;
  lakeCacheBytes: number | undefined;
  /** Empty if days are never sealed by schedule. */
  sealSchedule: string;
  isScheduleGiven: boolean;
}

/**
 * Returns the lake, if there is one, and a warning for each setting that has no effect without it: an environment that
 * several installations share may say when days are sealed, and only some of them seal. `keyOf` returns a setting's
 * name as it was given.
 */
export function lakeOf(
  { lake, sealAfterDays, lakeCacheBytes, sealSchedule, isScheduleGiven }: Given,
  { cwd, keyOf }: { cwd: string; keyOf(setting: string): string },
): { lake?: LakeConfig; warnings: string[] } {
  if (lake === undefined) {
    const given = {
      sealAfterDays: sealAfterDays !== undefined,
      lakeCacheBytes: lakeCacheBytes !== undefined,
      sealSchedule: isScheduleGiven,
    };
    const warnings = Object.entries(given)
      .filter(([, isGiven]) => isGiven)
      .map(
        ([key]) =>
          `${keyOf(key)} has no effect, because there is no lake: no day is sealed. Set lake too, if that is wanted.`,
      );
    return { warnings };
  }
  return {
    lake: {
      location: lake.startsWith('s3://') ? lake : resolve(cwd, lake),
      sealAfterMs: (sealAfterDays ?? DEFAULT_SEAL_AFTER_DAYS) * DAY_MS,
      cacheBytes: lakeCacheBytes ?? DEFAULT_CACHE_BYTES,
      ...(sealSchedule !== '' && { schedule: sealSchedule }),
    },
    warnings: [],
  };
}
