import type { ReadMode } from '../../db/reading/connect-to-read.ts';
import { type Child, type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { explainLostProcess } from '../../lib/errors/too-many-files.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { programPath } from '../../lib/process/program-path.ts';
import type { VerifierProtocol } from './verifier-protocol.ts';

/** A process that verifies parts of an archive, one after another. */
export type Verifier = Child<VerifierProtocol>;

/** The program of a verifying process, and Node's options for it. */
export interface VerifierProgram extends ChildProgram {
  /** How the process opens the archive; `usual` by default. */
  mode?: ReadMode;
}

/** Starts a verifying process. If it dies, the questions to it reject. */
export function startVerifier(
  archivePath: string,
  { mode = 'usual', ...program }: VerifierProgram = { path: programPath('verifier') },
): Verifier {
  return startChild<VerifierProtocol>({
    ...{ program, args: [archivePath, mode], env: {} },
    // Hashes and outputs are bytes, which JSON can't represent.
    serialization: 'advanced',
    lost(how, cause) {
      const remedy = explainLostProcess(how);
      const sentence = `A verifying process ended with ${how}.`;
      return remedy === undefined ? (cause ?? new Error(sentence)) : new UserFault(`${sentence} ${remedy}`);
    },
  });
}
