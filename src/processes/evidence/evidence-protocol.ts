import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import type { AskedParameter } from '../../archive/values/find-unseen-parameters.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';
import type { ReaderLake } from '../pool/start-reader.ts';

/** What a process that makes an evidence pack needs to know. */
export interface EvidenceTask {
  archivePath: string;
  /** The files that must still be at the archive's path. */
  file: FileIdentity;
  keyPath: string;
  authDb: string;
  settlingMs: number;
  question: EvidenceQuestion;
  /** The same member as in EvidenceRequest. */
  parameters?: readonly AskedParameter[] | undefined;
  configured: Configured;
  /** The path of the pack. */
  output: string;
  /** Where sealed days are; undefined if there is no lake. */
  lake?: ReaderLake | undefined;
  /** Whether the question has a query, whose rows the parent writes when the process asks for them. */
  hasResult: boolean;
}

/** The messages to and from a process that makes one evidence pack. */
export interface EvidenceProtocol {
  asks: {
    make(task: EvidenceTask): EvidenceSummary;
  };
  events: {
    /** How many states the pack has so far. */
    states: number;
    /** The folder into which the parent must write the rows of the question's query now. */
    writeResult: string;
  };
  tells: {
    resultWritten: undefined;
  };
  ready: undefined;
}
