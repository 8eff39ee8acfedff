/**
 * The only list of the counters of a pass, a source or a sweep: requests, replies, and rows compared with what the
 * archive had, each with its column in the tables `run_sources` and `sweeps`. The tables' columns, SQL, types, CSV
 * columns and the OpenAPI document are made from this list. To add a counter, add its row here, a migration, and its
 * sentences in docs/schema.md. The compiler then asks for its title on the console's page of a pass.
 */
export const COUNTERS = [
  { name: 'pages', column: 'pages' },
  { name: 'calls', column: 'calls' },
  { name: 'throttles', column: 'throttles' },
  { name: 'faults', column: 'faults' },
  { name: 'rowsSeen', column: 'rows_seen' },
  { name: 'rowsAdded', column: 'rows_added' },
  { name: 'rowsChanged', column: 'rows_changed' },
] as const;

export type Counter = (typeof COUNTERS)[number];
export type CounterName = Counter['name'];

/** The names of the counters, in the order in which they are shown. */
export const COUNTER_NAMES: readonly CounterName[] = COUNTERS.map(({ name }) => name);

/** A value of each counter. */
export type Tally = Record<CounterName, number>;

/** Returns an object with a value for each counter, in the order of the list. */
export function byCounter<Value>(read: (counter: Counter) => Value): Record<CounterName, Value>;
export function byCounter(read: (counter: Counter) => unknown): object {
  return Object.fromEntries(COUNTERS.map((counter) => [counter.name, read(counter)]));
}

/** A tally of zeros. */
export function emptyTally(): Tally {
  return byCounter(() => 0);
}

/** Adds the counts of the second tally to the first. */
export function addTally(sum: Tally, more: Partial<Tally>): void {
  for (const name of COUNTER_NAMES) sum[name] += more[name] ?? 0;
}
