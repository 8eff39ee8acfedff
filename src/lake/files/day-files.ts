/** The files of a sealed day on this machine, by the names of their tables: one for each archive that has rows of it. */
export interface DayFiles {
  /** An ISO date, in UTC. */
  day: string;
  paths: Readonly<Record<string, readonly string[]>>;
}

/** The files of exactly one generation of a day. */
export interface SameDayFiles extends DayFiles {
  /** Whether they are still those: a folder's file can be replaced while it is read. */
  areSame(): Promise<boolean>;
}
