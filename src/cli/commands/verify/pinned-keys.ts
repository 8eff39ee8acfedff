import { ConfigInvalid } from '../../../config/config-invalid.ts';
import { callOptions, loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';

/**
 * Returns the keys of `verify.keys` for verifying a pack; none if there is no configuration. A pack can be verified
 * even if the configuration is faulty: then none of its keys is used, and a warning says so.
 */
export function pinnedKeys(): { keys: readonly string[]; notes: string[] } {
  try {
    return { keys: loadConfig(faultOfSchedule).config.verifyKeys ?? [], notes: [] };
  } catch (error) {
    // If --config names the file, an error in it is not ignored.
    if (!(error instanceof ConfigInvalid) || callOptions().config !== undefined) throw error;
    return {
      keys: [],
      notes: [
        "The configuration can't be read, so keys of verify.keys are ignored. Repair it, or give the key by --key.",
        ...error.lines,
      ],
    };
  }
}
