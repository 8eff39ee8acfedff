import { type CertifiedCoverage, certifyCoverage } from '../certify-coverage.ts';
import { issueCertificate } from '../issue-certificate.ts';
import { nameOfSource } from '../owed/owed-source.ts';
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
  return { note, inWords: coverageInWords(found) };
}

/** What a certificate comes to: each place, and each source that is owed and was never collected. */
export function coverageInWords({ places, missing }: Pick<CertifiedCoverage, 'places' | 'missing'>): string {
  const words = [
    ...places.map((of) => `${of.accountId} ${of.region} ${of.complete ? 'complete' : 'NOT complete'}`),
    ...missing.map((of) => `${nameOfSource(of)} MISSING: owed since ${of.sinceAt} and never collected`),
  ];
  return words.join(', ') || 'nothing was collected there';
}
