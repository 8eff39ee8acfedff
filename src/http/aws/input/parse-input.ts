import type { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { checkConstraints } from './check-constraints.ts';
import type { MemberConstraints } from './constraints.ts';

/**
 * Parses an operation's input from its JSON body: first types (SerializationException without a message), then
 * constraints (ValidationException). Members that the model does not have are ignored, and null counts as absent.
 */
export function parseInput<Input extends object>(
  body: unknown,
  schema: z.ZodType<Input>,
  constraints: MemberConstraints,
): Input {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AwsError('SerializationException');
  checkConstraints(parsed.data, constraints);
  return parsed.data;
}
