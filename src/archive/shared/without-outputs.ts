/** SQL on `r`, a revision: 1 if its outputs were pruned, 0 if not. */
export const IS_WITHOUT_OUTPUTS = `coalesce((SELECT l.to_seq FROM main.pruned_leaves l WHERE l.what = 'outputs' AND l.from_seq <= r.seq
  ORDER BY l.from_seq DESC LIMIT 1), 0) >= r.seq`;
