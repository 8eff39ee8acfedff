/** A column of a result, as its table shows it. */
export interface Column {
  name: string;
  kind: 'number' | 'time' | 'text';
  /** Of numbers themselves, of times seconds since the epoch, of texts nothing; null where there is none. */
  values: (number | null)[];
  texts: string[];
  isNull: boolean[];
}
