/** A column of a result, as its table shows it. */
export interface Column {
  name: string;
  kind: 'number' | 'time' | 'text';
  /** A number as it is, a time in seconds since the epoch, null for a text or NULL. */
  values: (number | null)[];
  texts: string[];
  isNull: boolean[];
}
