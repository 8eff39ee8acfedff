import type { Config } from '../config/config.ts';
import type { ChildProgram } from '../lib/child/start-child.ts';
import type { identifyFile } from '../lib/files/identify-file.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import type { PassView } from '../model/coverage/passes.ts';
import type { ReaderProgram } from '../processes/pool/start-reader.ts';
import type { VerifierProgram } from '../processes/verify/start-verifier.ts';

/** The dependencies and settings with which a server is started. */
export interface ServiceDeps {
  config: Config;
  log: Logger;
  now: Now;
  /** The program that collects. By default it is found beside this file, as built JavaScript if this file is built. */
  collectorProgram?: ChildProgram;
  /** The program that reads; its default is found in the same way. */
  readerProgram?: ReaderProgram;
  /** The program that answers SQL; its default is found in the same way. */
  sqlProgram?: ReaderProgram;
  /** The program that verifies; its default is found in the same way. */
  verifierProgram?: VerifierProgram;
  /** The program that seals; its default is found in the same way. */
  sealerProgram?: ChildProgram;
  /** Returns the files that are at the archive's path. */
  identify?: typeof identifyFile;
  /** With a schedule for verifying: how long after the start the archive is first verified. */
  firstVerifyAfterMs?: number;
  /** Once the server stops: how long answers may take to end before they are broken off. */
  answerGraceMs?: number;
  /** Whether the server has no token at all, although it listens on an address that is not loopback. */
  isInsecureAllowed?: boolean;
  /** When this signal aborts, a start that still waits for processes with the archive open is given up. */
  signal?: AbortSignal;
  /**
   * Called with news for a person at the terminal: that the server is ready (before the first pass), and how each pass
   * goes.
   */
  watch?: { onServing(server: { url: string }): void; onPass(view: PassView): void };
}

/** A server that runs. */
export interface Service {
  /** Where the server listens. */
  url: string;
  /** When the next pass is due. */
  nextPass(): Date | undefined;
  /**
   * Ends the pass after its replies in flight, and gives up a verification and reports that are being written. Answers
   * that end soon are finished; others are broken off. Then closes the archive. After that, no process that the server
   * started is left.
   */
  stop(): Promise<void>;
}
