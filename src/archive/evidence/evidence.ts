import type { CommittedMember } from '../../ledger/entries/commitments.ts';
import type { InvocationFilter, OpenFilter } from '../../questions/filters.ts';
import type { PackCoverage } from './coverage/state-pack-coverage.ts';

/** What the pack is about, as it is said in it. */
export interface EvidenceQuestion {
  filter: InvocationFilter;
  /** Rows by a query in place of those of the invocations; with what it was asked by. */
  query?: { sql: string; report?: string | undefined; params: Readonly<Record<string, unknown>> } | undefined;
  /** Leaves the texts of outputs out; states name them by their SHA-256. */
  withoutOutputs: boolean;
  /** Members that are in the pack by their commitments alone. */
  redacted?: readonly CommittedMember[] | undefined;
  /** A pack that holds nothing is meant: without this it is not made. */
  allowEmpty?: boolean | undefined;
  /** A value that the archive has never seen is asked for anyway; without this it is refused. */
  allowUnseen?: boolean | undefined;
}

/** A value that was asked for, and that the archive had never seen when the pack was made; of a filter, or of a parameter of the report. */
export interface PackUnseen {
  filter: OpenFilter;
  value: string;
  parameter?: string | undefined;
}

/** What a pack holds, told in its manifest and its index page. */
export interface EvidenceSummary {
  /** First of all, in the manifest too: what the rest can prove. */
  coverage: PackCoverage;
  madeAt: string;
  archiveVersion: string;
  question: EvidenceQuestion;
  /** Absent where there is none. */
  neverSeen?: readonly PackUnseen[] | undefined;
  invocations: number;
  states: number;
  outputs: number;
  /** States that are in it by their hash alone: what of them is redacted has no commitment of its own. */
  withheldStates: number;
  byStatus: Record<string, number>;
  /** The ledger's, as the checkpoint in the pack has them. */
  size: number;
  origin: string;
  verifierKey: string;
}

/** What stands in rows in place of what is redacted. */
export const REDACTED = '[redacted]';

/** The names of what is in a pack. Outputs are in `outputs/`, each by its SHA-256. */
export const FILES = {
  checkpoint: 'checkpoint',
  key: 'key.txt',
  pem: 'key.pem',
  states: 'states.ndjson',
  tombstones: 'tombstones.ndjson',
  rows: 'invocations.ndjson',
  csv: 'invocations.csv',
  resultRows: 'result.ndjson',
  resultCsv: 'result.csv',
  certificate: 'coverage-certificate',
  manifest: 'manifest.json',
  page: 'index.html',
  guide: 'VERIFY.md',
  sums: 'SHA256SUMS',
  seal: 'SHA256SUMS.note',
} as const;

/** The first line of the seal's text; the second is the SHA-256 of SHA256SUMS. */
export const SEAL_HEADER = 'ssm-archive/evidence-pack v1';
