import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import { hasRole, type Role } from '../../access/roles.ts';
import { deny, denyNoToken } from './denial.ts';

/**
 * Lets a caller through only if the caller has this role, or a role that includes it. Other callers get 403, and a
 * request without a caller gets 401.
 */
export function requireRole(needed: Role): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const caller = c.get('caller');
    if (!caller) return denyNoToken(c);
    if (hasRole(caller.role, needed)) return next();
    return deny(c, {
      status: 403,
      title: 'Role needed',
      detail: `This needs the role "${needed}", but the token "${caller.name}" has the role "${caller.role}". An operator can make another token: ssm-archive token create --role ${needed}.`,
      headers: { 'www-authenticate': `Bearer realm="ssm-archive", error="insufficient_scope", scope="${needed}"` },
    });
  };
}
