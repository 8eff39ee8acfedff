import type { Database } from 'better-sqlite3';
import type { SealedKey } from '../../archive/sealed/sealed-days.ts';
import { copyHotRows } from './copy-hot-rows.ts';

/** Adds the archive's own rows of a command, or of one of its invocations, to the temporary tables. */
export function addHotRows(cold: Database, { accountId, region, commandId, instanceId }: SealedKey): void {
  cold.transaction(() => {
    const ids = cold
      .prepare<[object], number>(
        `SELECT id FROM main.invocations WHERE command_id = :commandId AND account_id = :accountId AND region = :region
          AND (:instanceId IS NULL OR instance_id = :instanceId)`,
      )
      .pluck()
      .all({ commandId, accountId, region, instanceId: instanceId ?? null });
    copyHotRows(cold, ids);
  })();
}
