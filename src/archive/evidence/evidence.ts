import type { RedactableMember } from '../../ledger/entries/redactable-members.ts';
import type { InvocationFilter, OpenFilter } from '../../questions/filters.ts';
import type { PackCoverage } from './coverage/state-pack-coverage.ts';

/** A query whose rows are in the pack. `report` and `params` say where it came from. */
export interface PackQuery {
  sql: string;
  report?: string | undefined;
  params: Readonly<Record<string, unknown>>;
  /** The first day (UTC) from which its rows are whole; absent if nothing can be missing. The rest of the pack is whole. */
  wholeFrom?: string | undefined;
}

/** What the pack is about. The pack's manifest has the same. */
export interface EvidenceQuestion {
  filter: InvocationFilter;
  /** If given, the pack also has the rows of this query. */
  query?: PackQuery | undefined;
  /** Whether the texts of outputs are left out. States still name them by their SHA-256. */
  withoutOutputs: boolean;
  /** What the pack leaves out: it has only commitments to these members. */
  redacted?: readonly RedactableMember[] | undefined;
  /** Without this, a pack that has no content is refused. */
  allowEmpty?: boolean | undefined;
  /** Whether the question may name values that the archive has never seen. If not, such a question is refused. */
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
  /** The first member, here and in the manifest, because it says what the rest can prove. */
  coverage: PackCoverage;
  madeAt: string;
  archiveVersion: string;
  question: EvidenceQuestion;
  /** Absent if there are no such values. */
  neverSeen?: readonly PackUnseen[] | undefined;
  invocations: number;
  states: number;
  outputs: number;
  /** How many outputs were fetched beyond what the listing shows: one for each step, stream and place. */
  fullOutputs: number;
  /**
   * How many states have only their hash in the pack, because their redacted values have no commitments of their own.
   */
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

/** Replaces redacted texts in rows. */
export const REDACTED = '[redacted]';

/** The names of the files in a pack. Outputs are in `outputs/`, each named by the SHA-256 of its bytes. */
export const FILES = {
  checkpoint: 'checkpoint',
  key: 'key.txt',
  pem: 'key.pem',
  states: 'states.ndjson',
  tombstones: 'tombstones.ndjson',
  fullOutputs: 'full-outputs.ndjson',
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
