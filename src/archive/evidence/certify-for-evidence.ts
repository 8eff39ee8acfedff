import { certifyCoverage } from '../certify-coverage.ts';
import { issueCertificate } from '../issue-certificate.ts';
import type { EvidenceQuestion } from './evidence.ts';
import type { EvidenceDeps } from './make-evidence.ts';

/** The signed certificate of coverage of what a pack is about, and what it says in a few words. `settlingMs`: how long a span settles. */
export function certifyForEvidence(
  { reader, writer, ...signing }: EvidenceDeps,
  settlingMs: number,
  { filter }: EvidenceQuestion,
): { note: string; inWords: string } {
  const { accountId, region, requestedAfter = '', requestedBefore = '' } = filter;
  const span = { from: Date.parse(requestedAfter), to: Date.parse(requestedBefore) };
  const nowMs = signing.now().getTime();
  const found = certifyCoverage(reader, { nowMs, settlingMs, accountId, region, ...span });
  const { note } = issueCertificate(writer, found, signing);
  const inWords = found.places.map((of) =>
    [
      `${of.accountId} ${of.region} ${of.complete ? 'complete' : 'NOT complete'}`,
      ...of.edges.map(
        ({ from, to }) => `commands sent before ${from} may have later invocations that are missing, until ${to}`,
      ),
    ].join(': '),
  );
  return { note, inWords: inWords.join(', ') || 'nothing was collected there' };
}
