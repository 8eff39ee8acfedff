import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import type { FileIdentity } from '../../lib/identify-file.ts';

/** What a process that makes a pack is told. */
export interface EvidenceTask {
  archivePath: string;
  /** The files that the archive must have. */
  file: FileIdentity;
  keyPath: string;
  settlingMs: number;
  question: EvidenceQuestion;
  /** Where the pack goes. */
  output: string;
}

/** And what it says at its end. */
export type FromEvidenceMaker =
  | { kind: 'made'; summary: EvidenceSummary }
  | { kind: 'refused'; sentence: string }
  | { kind: 'failed'; message: string; code: string | undefined };
