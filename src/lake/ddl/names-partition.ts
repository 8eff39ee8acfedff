import type { LakeLocation } from '../store/parse-location.ts';

const PARTITION = /(^|\/)(day|month)=/;

/**
 * Returns why an engine that looks for `day=` in the whole path of a file can't read files there; undefined if it can.
 */
export function namesPartition(location: LakeLocation): string | undefined {
  return PARTITION.test(location.kind === 'folder' ? location.path : location.prefix)
    ? 'would take the day= or month= in the path of the lake for that of its rows'
    : undefined;
}
