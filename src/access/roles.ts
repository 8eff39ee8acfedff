/**
 * Each role may also do everything that the roles before it may: a reader asks, sql also writes SELECTs, an operator
 * also acts.
 */
export const ROLES = ['reader', 'sql', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a caller with that role may do what needs the other role. */
export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
