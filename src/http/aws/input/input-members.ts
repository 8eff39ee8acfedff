import { z } from 'zod';

// Types of the members that several operations share. JSON null counts as absent. A whole number may be written as 5.0
// or 5e0, as AWS's own parser accepts it. Ranges and patterns are constraints. They are checked after all types.
const absentIfNull = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

export const text = z.string().nullish().transform(absentIfNull);
export const integer = z.int32().nullish().transform(absentIfNull);
export const flag = z.boolean().nullish().transform(absentIfNull);
export const filters = z
  .array(z.object({ key: text, value: text }))
  .nullish()
  .transform(absentIfNull);
