import { ConfigInvalid } from '../../../config/config-invalid.ts';
import { callOptions, loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';

/**
 * The keys of `verify.keys` for a pack, which needs no configuration: none where there is none. One that has faults keeps no pack from
 * being verified, and none of its keys is believed then, which is told.
 */
export function pinnedKeys(): { keys: readonly string[]; notes: string[] } {
  try {
    return { keys: loadConfig(faultOfSchedule).config.verifyKeys ?? [], notes: [] };
  } catch (error) {
    // The call names this file, so it must be readable as a whole: nothing is verified by half of it.
    if (!(error instanceof ConfigInvalid) || callOptions().config !== undefined) throw error;
    return {
      keys: [],
      notes: [
        "The keys of verify.keys, if there are any, are not looked at: the configuration can't be read. Mend it, or give the key by --key.",
        ...error.lines,
      ],
    };
  }
}
