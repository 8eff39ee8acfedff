/** Each role may do what those before it may: a reader asks, sql also writes its own SELECT, an operator also acts. */
export const ROLES = ['reader', 'sql', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a caller of that role may do what needs the other. */
export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
