/**
 * Whether an item passes a Status filter. The filter takes values of both members: `Failed` finds every failed one,
 * `Undeliverable` those of that detail, `TimedOut` both delivery and execution time-outs.
 */
export function hasStatus(wanted: string, status: string | undefined, details: string | undefined): boolean {
  if (wanted === status || wanted === details) return true;
  return wanted === 'TimedOut' && (details === 'DeliveryTimedOut' || details === 'ExecutionTimedOut');
}
