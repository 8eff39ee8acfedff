import { certifyCoverage } from '../coverage/certificate/certify-coverage.ts';
import { issueCertificate } from '../coverage/certificate/issue-certificate.ts';
import type { EvidenceQuestion } from './evidence.ts';
import type { EvidenceDeps } from './make-evidence.ts';

/**
 * The signed certificate of coverage for the question of a pack. `settlingMs`: how long after its end a span counts as
 * settled.
 */
export function certifyForEvidence(
  { reader, writer, ...signing }: EvidenceDeps,
  settlingMs: number,
  { filter }: EvidenceQuestion,
): string {
  const { account: accountId, region, requestedAfter, requestedBefore } = filter;
  const span = {
    ...(requestedAfter !== undefined && { from: Date.parse(requestedAfter) }),
    ...(requestedBefore !== undefined && { to: Date.parse(requestedBefore) }),
  };
  const nowMs = signing.now().getTime();
  const found = certifyCoverage(reader, { nowMs, settlingMs, accountId, region, ...span });
  return issueCertificate(writer, found, signing).note;
}
