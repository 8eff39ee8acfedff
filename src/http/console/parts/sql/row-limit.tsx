import type { AskedFault } from '../questions/asked-faults.ts';
import { count } from '../values/values.tsx';

const LIMITS = [100, 500, 2000];
const USUAL = 500;

/** Reads from the page's address how many rows of an answer it shows at most. */
export function readLimit(typed: string | undefined): { limit: number; faults: readonly AskedFault[] } {
  if (typed === undefined || typed === '') return { limit: USUAL, faults: [] };
  const limit = LIMITS.find((one) => String(one) === typed);
  if (limit !== undefined) return { limit, faults: [] };
  const message = `must be one of ${LIMITS.join(', ')}`;
  return { limit: USUAL, faults: [{ parameter: 'limit', label: LABEL, message }] };
}

const LABEL = 'Rows, at most';

/** The form field for the limit of rows. */
export function RowLimit({ limit }: { limit: number }) {
  return (
    <label>
      {LABEL}
      <select name="limit">
        {LIMITS.map((one) => (
          <option value={String(one)} selected={one === limit}>
            {count(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
