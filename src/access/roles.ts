/**
 * Each role may also do everything that the roles before it may: a `reader` asks the ready-made questions, `sql` also
 * sends SELECTs of its own, and an `operator` also starts passes and reads the access log.
 */
export const ROLES = ['reader', 'sql', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a caller with the role `role` may do what the role `needed` is required for. */
export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
