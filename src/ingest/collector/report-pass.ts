import { PassRunning } from '../../archive/file/lease.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Logger } from '../../lib/logger.ts';
import type { PassSummary } from '../run-pass.ts';
import type { PassEnd } from './fork-pass.ts';

export const DISK_FULL =
  'The disk is full: the pass could not record more. What it had recorded is kept, and the next pass goes on from there.';

const INTERRUPTED = 'Interrupted: what it had recorded is kept, and the next pass goes on from there.';

/** Logs how a pass ended: one line for each source, or what ended the whole pass. */
export function reportPass(log: Logger, end: PassEnd): void {
  if (end.kind === 'ended') reportSources(log, end.summary);
  else if (end.kind === 'died') log.error(end.sentence);
  else if (end.failure instanceof PassRunning) log.warn(end.failure.message);
  else if (end.failure instanceof UserFault) log.error(end.failure.message);
  else log.error({ err: end.failure }, isDiskFull(end.failure) ? DISK_FULL : 'A pass failed.');
}

function reportSources(log: Logger, { runId, sources, signing }: PassSummary): void {
  for (const { alias, accountId, region, outcome, error, rowsAdded, rowsChanged, calls, throttles } of sources) {
    const facts = { run: runId, alias, account: accountId, region, outcome, rowsAdded, rowsChanged, calls, throttles };
    if (outcome === 'failed') log.error(facts, error ?? 'A source could not be collected.');
    else if (outcome === 'interrupted') {
      if (error === null) log.info(facts, INTERRUPTED);
      else log.warn(facts, `${INTERRUPTED} What failed before: ${error}`);
    } else log.info(facts, 'Collected.');
  }
  if (signing.fault !== null) log.error({ run: runId }, `NOT SIGNED: ${signing.fault}`);
}
