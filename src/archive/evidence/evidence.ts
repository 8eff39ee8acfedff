import type { RedactableMember } from '../../ledger/entries/redactable-members.ts';
import type { InvocationFilter, OpenFilter } from '../../questions/filters.ts';
import type { PackCoverage } from './coverage/state-pack-coverage.ts';

/** What the pack is about, as the pack itself says it. */
export interface EvidenceQuestion {
  filter: InvocationFilter;
  /**
   * The pack has rows of this query instead of rows of the invocations. `report` and `params` say where the query came
   * from.
   */
  query?: { sql: string; report?: string | undefined; params: Readonly<Record<string, unknown>> } | undefined;
  /** Leaves out the texts of outputs. States name them by their SHA-256. */
  withoutOutputs: boolean;
  /** What the pack leaves out: it has only commitments to these members. */
  redacted?: readonly RedactableMember[] | undefined;
  /** Without this, a pack that has no content is refused. */
  allowEmpty?: boolean | undefined;
  /** Without this, a question for a value that the archive has never seen is refused. */
  allowUnseen?: boolean | undefined;
}

/** A value of a filter, or of a parameter of the report, that the archive had never seen when the pack was made. */
export interface PackUnseen {
  filter: OpenFilter;
  value: string;
  parameter?: string | undefined;
}

/** The content of a pack in numbers, for its manifest and its index page. */
export interface EvidenceSummary {
  /** The first member, here and in the manifest: it says what the rest can prove. */
  coverage: PackCoverage;
  madeAt: string;
  archiveVersion: string;
  question: EvidenceQuestion;
  /** Absent if there are none. */
  neverSeen?: readonly PackUnseen[] | undefined;
  invocations: number;
  states: number;
  outputs: number;
  /** States of which only the hash is in the pack, since their redacted part has no commitment of its own. */
  withheldStates: number;
  commands: number;
  commandStates: number;
  withheldCommandStates: number;
  senders: number;
  byStatus: Record<string, number>;
  /** Size, origin and key of the ledger, as in the checkpoint of the pack. */
  size: number;
  origin: string;
  verifierKey: string;
}

/** Rows have this instead of redacted texts. */
export const REDACTED = '[redacted]';

/** The names of the files in a pack. Outputs are in `outputs/`, each named by its SHA-256. */
export const FILES = {
  checkpoint: 'checkpoint',
  key: 'key.txt',
  pem: 'key.pem',
  states: 'states.ndjson',
  tombstones: 'tombstones.ndjson',
  rows: 'invocations.ndjson',
  csv: 'invocations.csv',
  commandStates: 'command-states.ndjson',
  commandRows: 'commands.ndjson',
  commandCsv: 'commands.csv',
  senders: 'senders.ndjson',
  resultRows: 'result.ndjson',
  resultCsv: 'result.csv',
  certificate: 'coverage-certificate',
  manifest: 'manifest.json',
  page: 'index.html',
  guide: 'VERIFY.md',
  sums: 'SHA256SUMS',
  seal: 'SHA256SUMS.note',
} as const;

/** The first line of the seal's text. The second line is the SHA-256 of SHA256SUMS. */
export const SEAL_HEADER = 'ssm-archive/evidence-pack v1';
