/**
 * A sentence about what an empty pack lacks, for the first line of the pack's texts and of its verification; undefined
 * if the pack is not empty.
 */
export function absenceOf({
  invocations,
  hasEmptyResult = false,
}: {
  invocations: number;
  hasEmptyResult?: boolean | undefined;
}): string | undefined {
  if (invocations === 0) return 'It holds no invocation, and proves an absence only where coverage is complete.';
  if (hasEmptyResult) return 'Its query has no rows, and it proves an absence only where coverage is complete.';
  return undefined;
}
