import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import type { AskedParameter } from '../../archive/values/find-unseen-parameters.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';

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

/** What a process that makes an evidence pack is asked: one pack. */
export interface EvidenceProtocol {
  asks: {
    make(task: EvidenceTask): EvidenceSummary;
  };
  events: {
    /** So many states are in the pack by now. */
    states: number;
    /** The rows of the question's query are to be written into this folder now, by the parent. */
    writeResult: string;
  };
  tells: {
    resultWritten: undefined;
  };
  ready: undefined;
}
