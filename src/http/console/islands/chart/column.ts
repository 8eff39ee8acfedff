/** A column of a result, as its table shows it. */
export interface Column {
  name: string;
  kind: 'number' | 'time' | 'text';
  /** Numbers as they are, times in seconds since the epoch, null for texts and for NULL. */
  values: (number | null)[];
  texts: string[];
  isNull: boolean[];
}
