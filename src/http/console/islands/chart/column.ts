/** A column of a result, with the values that its table shows. */
export interface Column {
  name: string;
  kind: 'number' | 'time' | 'text';
  /** A number as it is, a time in seconds since the epoch, null for a text or NULL. */
  values: (number | null)[];
  texts: string[];
  isNull: boolean[];
}
