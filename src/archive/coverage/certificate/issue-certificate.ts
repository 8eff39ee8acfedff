import type { Database } from 'better-sqlite3';
import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { parseNote, signNote } from '../../../ledger/notes/signed-note.ts';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { makeCheckpoint, type SigningDeps, signerOf } from '../../checkpoints/make-checkpoint.ts';
import type { CertifiedCoverage } from './certify-coverage.ts';

/**
 * The first line of a certificate's text. No checkpoint begins with this text, because an archive's origin has no
 * space.
 */
export const CERTIFICATE_HEADER = 'ssm-archive/coverage-certificate v1';

/**
 * What is signed: the findings, who made them and when, and the checkpoint of the ledger that covers all leaves named
 * here.
 */
export interface CoverageCertificate extends CertifiedCoverage {
  /** The name of the key; checkpoints call it the origin. */
  origin: string;
  issuedAt: string;
  /** `root` in base64, as in the checkpoint itself. */
  checkpoint: { size: number; root: string; madeAt: string };
}

export interface IssuedCertificate {
  certificate: CoverageCertificate;
  /** A https://c2sp.org/signed-note of two lines: the header, and the certificate as RFC 8785 JSON. */
  note: string;
}

/**
 * Signs the findings with the key of the checkpoints. If the ledger has grown since the last checkpoint, makes a new
 * one first, so that a checkpoint covers every leaf that is named. Throws SigningRefused like makeCheckpoint.
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
