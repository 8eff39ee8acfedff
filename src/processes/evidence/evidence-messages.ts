import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import type { EvidenceEmpty } from '../../archive/evidence/evidence-empty.ts';
import type { EvidenceUnseen } from '../../archive/evidence/unseen/evidence-unseen.ts';
import type { AskedParameter } from '../../archive/seen/find-unseen-parameters.ts';
import type { Configured } from '../../archive/seen/open-filter.ts';
import type { FileIdentity } from '../../lib/identify-file.ts';
import type { UserFault } from '../../lib/user-fault.ts';

/** What a process that makes a pack is told. */
export interface EvidenceTask {
  archivePath: string;
  /** The files that the archive must have. */
  file: FileIdentity;
  keyPath: string;
  authDb: string;
  settlingMs: number;
  question: EvidenceQuestion;
  /** As EvidenceRequest has them. */
  parameters?: readonly AskedParameter[] | undefined;
  configured: Configured;
  /** Where the pack goes. */
  output: string;
  /** Whether somebody writes the rows of the question's query, once asked to. */
  hasResult: boolean;
}

export type ToEvidenceMaker = { kind: 'make'; task: EvidenceTask } | { kind: 'result written' };

/** And what it says: the last five at its end. */
export type FromEvidenceMaker =
  | { kind: 'states'; states: number }
  | { kind: 'write result'; folder: string }
  | { kind: 'made'; summary: EvidenceSummary }
  | { kind: 'empty'; of: EvidenceEmpty['of'] }
  | { kind: 'unseen'; neverSeen: EvidenceUnseen['neverSeen'] }
  | { kind: 'refused'; sentence: string; exitCode: UserFault['exitCode']; isOfSigning: boolean }
  | { kind: 'failed'; message: string; code: string | undefined };
