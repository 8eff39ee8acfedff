import { z } from 'zod';
import { count } from './values.tsx';

const LIMITS = [100, 500, 2000];

/** How many rows of an answer a page shows at most. */
export const Limit = z
  .string()
  .transform(Number)
  .refine((limit) => LIMITS.includes(limit))
  .catch(500);

/** The field for it. */
export function RowLimit({ limit }: { limit: number }) {
  return (
    <label>
      Rows, at most
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
