import type { LakeConfig } from '../../../config/config.ts';
import type { Check } from '../../../ingest/check-source.ts';
import type { DefaultLock, ObjectStore } from '../../../lake/store/object-store.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';

const WHAT = 'lake';
const EXCLUDE = 'A lake that nobody can delete and a lake that can forget exclude each other';

/** Says what Object Lock retains. In mode COMPLIANCE nobody can delete before the time is over, no matter who orders it. */
export async function checkLock(
  store: Pick<ObjectStore, 'defaultLock'>,
  { rowDays, manifestDays }: NonNullable<LakeConfig['lock']> = {},
): Promise<Check[]> {
  if (!store.defaultLock) return [];
  let ofBucket: DefaultLock | undefined;
  try {
    ofBucket = await store.defaultLock();
  } catch (error) {
    // Nothing else needs the right to read it.
    const isLocked = rowDays !== undefined || manifestDays !== undefined;
    if (!isLocked || !(error instanceof UserFault)) return [];
    return [{ what: WHAT, state: 'warning', detail: `what the bucket locks is not known: ${error.message}` }];
  }
  const rows = rowDays === undefined ? ofBucket : { mode: 'GOVERNANCE', length: `${rowDays} days` };
  if (rows?.mode === 'COMPLIANCE')
    return [
      {
        what: WHAT,
        state: 'failed',
        detail: `Object Lock retains rows for ${rows.length} in mode COMPLIANCE, by the default of the bucket: nobody can prune a sealed day before that. ${EXCLUDE}. If rows must be able to end, take that default away, or set lakeRowLockDays, which is mode GOVERNANCE`,
      },
    ];
  const parts = [
    ...(rows ? [`rows for ${rows.length} in mode ${rows.mode}: pruning needs s3:BypassGovernanceRetention`] : []),
    ...(manifestDays === undefined ? [] : [`manifests for ${manifestDays} days in mode COMPLIANCE`]),
  ];
  if (parts.length === 0) return [];
  return [{ what: WHAT, state: 'ok', detail: `Object Lock retains ${parts.join(', and ')}. ${EXCLUDE}` }];
}
