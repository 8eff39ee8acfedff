import { AwsError } from '../aws-error.ts';
import type { Constraint, MemberConstraints } from './constraints.ts';

/**
 * Checks parsed input against its constraints. Throws one ValidationException that names all faults, in AWS's wording:
 * "2 validation errors detected: Value '…' at 'filters.1.member.key' failed to satisfy constraint: …".
 */
export function checkConstraints(input: object, constraints: MemberConstraints): void {
  const faults = memberFaults(input, constraints, '');
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`;
  throw new AwsError('ValidationException', `${count} detected: ${faults.join('; ')}`);
}

function memberFaults(input: object, constraints: MemberConstraints, prefix: string): string[] {
  const values = new Map<string, unknown>(Object.entries(input));
  return Object.entries(constraints).flatMap(([name, constraint]) => {
    const path = prefix + name.charAt(0).toLowerCase() + name.slice(1);
    const value = values.get(name);
    if (value === undefined) return constraint.required ? [fault(null, path, 'Member must not be null')] : [];
    return valueFaults(value, constraint, path);
  });
}

function valueFaults(value: unknown, constraint: Constraint, path: string): string[] {
  if (constraint.kind === 'string' && typeof value === 'string') {
    return stringRules(value, constraint).map((rule) => fault(value, path, rule));
  }
  if (constraint.kind === 'integer' && typeof value === 'number') {
    if (value < constraint.min) {
      return [fault(value, path, `Member must have value greater than or equal to ${constraint.min}`)];
    }
    if (value > constraint.max) {
      return [fault(value, path, `Member must have value less than or equal to ${constraint.max}`)];
    }
  }
  if (constraint.kind === 'list' && Array.isArray(value)) {
    const rules = lengthRules(value.length, constraint.min, constraint.max);
    const own = rules.map((rule) => fault(printList(value, constraint.shape), path, rule));
    return own.concat(
      value.flatMap((item: object, index) => memberFaults(item, constraint.item, `${path}.${index + 1}.member.`)),
    );
  }
  return [];
}

function stringRules(value: string, constraint: Constraint & { kind: 'string' }): string[] {
  // AWS counts characters, not UTF-16 units.
  const rules = lengthRules([...value].length, constraint.min, constraint.max);
  if (constraint.pattern && !constraint.pattern.test(value)) {
    rules.push(`Member must satisfy regular expression pattern: ${constraint.pattern.source}`);
  }
  if (constraint.oneOf && !constraint.oneOf.includes(value)) {
    rules.push(`Member must satisfy enum value set: [${constraint.oneOf.join(', ')}]`);
  }
  return rules;
}

function lengthRules(length: number, min = 0, max = Number.POSITIVE_INFINITY): string[] {
  if (length < min) return [`Member must have length greater than or equal to ${min}`];
  if (length > max) return [`Member must have length less than or equal to ${max}`];
  return [];
}

function fault(value: string | number | null, path: string, rule: string): string {
  const shown = value === null ? 'null' : `'${value}'`;
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${rule}`;
}

function printList(items: readonly object[], shape: string): string {
  const shown = items.map((item) => {
    const members = Object.entries(item).map(([name, value]) => `${name}=${value}`);
    return `${shape}(${members.join(', ')})`;
  });
  return `[${shown.join(', ')}]`;
}
