import type { Database } from 'better-sqlite3';
import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { parseNote, signNote } from '../../../ledger/notes/signed-note.ts';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { makeCheckpoint, type SigningDeps, signerOf } from '../../checkpoints/make-checkpoint.ts';
import type { CertifiedCoverage } from './certify-coverage.ts';

/** The first line of a certificate's text. No checkpoint has it: none of an archive's origins has a space. */
export const CERTIFICATE_HEADER = 'ssm-archive/coverage-certificate v1';

/** What is signed: what was found, by whom and when, and the ledger that holds all leaves which it names. */
export interface CoverageCertificate extends CertifiedCoverage {
  /** The name of the key, which is the origin of the checkpoint. */
  origin: string;
  issuedAt: string;
  /** `root` in base64, as the checkpoint itself has it. */
  checkpoint: { size: number; root: string; madeAt: string };
}

export interface IssuedCertificate {
  certificate: CoverageCertificate;
  /** https://c2sp.org/signed-note over the header, and the certificate as RFC 8785 JSON, a line each. */
  note: string;
}

/**
 * Signs what was found, with the key of the checkpoints. A checkpoint is made first where the ledger went on since the last one, so that
 * it holds every leaf named. Throws SigningRefused as makeCheckpoint does.
 */
export function issueCertificate(sqlite: Database, certified: CertifiedCoverage, deps: SigningDeps): IssuedCertificate {
  const { note: checkpoint, size, madeAt } = makeCheckpoint(sqlite, deps);
  const { root } = parseCheckpoint(parseNote(checkpoint).text);
  const signer = signerOf(sqlite, deps);
  const certificate: CoverageCertificate = {
    ...certified,
    origin: signer.name,
    issuedAt: isoFromMs(deps.now().getTime()),
    checkpoint: { size, root: Buffer.from(root).toString('base64'), madeAt },
  };
  return { certificate, note: signNote(`${CERTIFICATE_HEADER}\n${canonicalJson(certificate)}\n`, signer) };
}
