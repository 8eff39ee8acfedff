/** How many invocations have each Status. Invocations without a status are counted under the key "". */
export type StatusCounts = Record<string, number>;

export interface StatusCount {
  status: string | null;
  count: number;
}

/** The numbers of invocations by status, and their sum. */
export function sumByStatus(rows: readonly StatusCount[]): { invocations: number; byStatus: StatusCounts } {
  const byStatus: StatusCounts = {};
  let invocations = 0;
  for (const { status, count } of rows) {
    byStatus[status ?? ''] = (byStatus[status ?? ''] ?? 0) + count;
    invocations += count;
  }
  return { invocations, byStatus };
}
