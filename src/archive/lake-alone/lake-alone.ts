import type { InvocationFilter } from '../../questions/filters.ts';
import type { StatsQuery } from '../figures/read-stats.ts';
import type { EmptyAnswer } from '../values/explain-empty.ts';

/** What is asked: a span, of all or one account and region. Times are in epoch milliseconds. */
export interface LakeSpan {
  from?: number | undefined;
  to?: number | undefined;
  accountId?: string | undefined;
  region?: string | undefined;
}

interface IsoSpan {
  from: string;
  to: string;
}

/** What manifests say of an account and region, or of a source whose account is not known, in the days of an archive. */
export interface PlaceInLake {
  archive: number;
  /** The name of a source that never answered; undefined if account and region are known. */
  alias: string | undefined;
  accountId: string | null;
  region: string | null;
  /** The part of the span that was asked for in which the lake has days of this archive. */
  from: string;
  to: string;
  /** Whether manifests say of each moment of the span that was asked for that it was collected, and no row was pruned. */
  isComplete: boolean;
  gaps: IsoSpan[];
  edges: IsoSpan[];
  forgottenCommands: string[];
  /**
   * The days of which the lake has no manifest with this place: nothing may have run then, or the place was not collected, or
   * the manifest proves nothing. The archive alone knows.
   */
  unknownDays: string[];
  /** The days that were pruned: what ran then is gone. */
  prunedDays: string[];
}

/** What a lake has of one of its archives. */
export interface ArchiveInLake {
  archive: number;
  /** The name of the key that signed the archive's ledger at first; null if the lake does not say. */
  origin: string | null;
  isPinned: boolean;
  /** The day (UTC) before which it has sealed; null if it has sealed nothing. */
  sealedTo: string | null;
  days: number;
  /** Of these, the days that rest on a root which no pinned key has signed. */
  unsignedDays: number;
  prunedDays: string[];
  unreadableDays: { day: string; why: string }[];
}

/** What a lake has, as it was listed last. */
export interface DescribedLake {
  listedAt: string;
  archives: ArchiveInLake[];
  places: { accountId: string; region: string; archive: number; state: 'claimed' | 'released' }[];
}

/** What a server over a lake alone knows where others ask their archive. It looks at the lake only in `refresh`. */
export interface LakeAlone {
  /** Lists the lake again if that was not done for some minutes. If it can't be listed, what was known stays. */
  refresh(): Promise<void>;
  /** Says that an object was not what the last listing says: the lake is listed again soon. */
  suspect(): void;
  /** Why the lake could not be listed when that was last tried; undefined if it could. */
  fault(): string | undefined;
  describe(): DescribedLake;
  /** A sentence that says up to which day each archive has sealed. */
  sealedTo(): string;
  coverage(asked: LakeSpan): PlaceInLake[];
  /** Throws NotInLake if only an archive can know what a filter finds. */
  refuseUnknown(filter: InvocationFilter): void;
  /** Throws NotInLake if manifests don't have the counts. */
  refuseUncounted(query: StatsQuery): void;
  /** Says why an answer may be empty although something matching ran. */
  explainEmpty(filter: InvocationFilter): EmptyAnswer;
}
