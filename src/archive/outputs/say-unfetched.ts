import type { Provenance } from '../../model/outputs/full-output.ts';
import type { UnfetchedOutput } from './list-unfetched.ts';
import { DENIED } from './queued-outputs.ts';

/** What the configuration says about fetching full outputs; absent if it says nothing. */
export interface Fetching {
  from: readonly Provenance[];
}

/** Each place by the name that its service has. */
export const PLACE_NAMES: Readonly<Record<Provenance, string>> = {
  get: 'GetCommandInvocation',
  logs: 'CloudWatch Logs',
  s3: 'S3',
};

/** Says in sentences why an output was not fetched from a place, and what happens next. */
export function sayUnfetched(
  { provenance, tries, lastError, gaveUpAt }: UnfetchedOutput,
  fetching: Fetching | undefined,
): string {
  const place = PLACE_NAMES[provenance];
  const reason = lastError === null ? '' : ` ${ended(lastError)}`;
  if (gaveUpAt !== null) return `Given up at ${gaveUpAt}: ${place} did not give it.${reason}`;
  if (!fetching) return `Queued for ${place}, but fetching is off now, so that no pass asks for it.${reason}`;
  if (!fetching.from.includes(provenance))
    return `Queued for ${place}, which the configuration does not name any more, so that no pass asks for it.${reason}`;
  if (lastError?.startsWith(DENIED))
    return `Queued, but ${place} denies it; each pass asks again.${reason.replace(DENIED, '')}`;
  if (tries === 0 && lastError === null) return `Queued: a pass will ask ${place} for it.`;
  if (tries === 0) return `Queued: ${place} could not be asked yet, and a pass will ask again.${reason}`;
  const times = tries === 1 ? 'One try' : `${tries} tries`;
  return `Queued: ${times} failed, and a pass will ask ${place} again.${reason}`;
}

/** Says why nothing is queued or fetched of an output that is cut. */
export function sayNotQueued(fetching: Fetching | undefined, isFinal: boolean): string {
  if (!fetching) return 'The rest was not fetched: fetching full outputs is off, since fullOutputs is not configured.';
  if (!isFinal) return 'The rest is not fetched yet: it is queued once the run is final.';
  return 'The rest was not fetched: fullOutputs does not select this step, or no pass has looked at it yet.';
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
