/** The files of a sealed day on this machine, by the names of their tables. */
export interface DayFiles {
  /** An ISO date, in UTC. */
  day: string;
  paths: Readonly<Record<string, string>>;
}
