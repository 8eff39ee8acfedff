import { ConfigInvalid } from '../../../config/config-invalid.ts';
import { callOptions, loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';

/**
 * The keys of `verify.keys` for a pack, which needs no configuration: none if there is no configuration. A faulty
 * configuration does not keep a pack from being verified: then none of its keys is believed, and a warning says so.
 */
export function pinnedKeys(): { keys: readonly string[]; notes: string[] } {
  try {
    return { keys: loadConfig(faultOfSchedule).config.verifyKeys ?? [], notes: [] };
  } catch (error) {
    // The call names this file, so all of it must be readable: nothing is verified with half of a configuration.
    if (!(error instanceof ConfigInvalid) || callOptions().config !== undefined) throw error;
    return {
      keys: [],
      notes: [
        "The configuration can't be read, so keys of verify.keys are ignored. Mend it, or give the key by --key.",
        ...error.lines,
      ],
    };
  }
}
