import { openAuthDb } from '../../access/open-auth-db.ts';
import { hasToken } from '../../access/tokens/has-token.ts';
import type { Config } from '../../config/config.ts';
import { type Line, styled } from '../text/line.ts';
import { servingAddress } from './serving-address.ts';

/**
 * The lines for the person who has started a server: where to open it, whether a token is needed, where it stores its
 * data, and how to stop it.
 */
export function servingLines({ db, authDb, schedule }: Config, url: string): Line[] {
  const address = servingAddress(url);
  return [
    styled('bold', `Open       ${address}`),
    ...tokenLines(authDb, address),
    `API        ${new URL('/docs', address).href}`,
    `Archive    ${db}`,
    `Collects   now and by "${schedule}" (cron, in UTC)`,
    'Ctrl-C     stops the server: the pass ends after the replies in flight; what was collected stays',
  ];
}

/** The same for a server over a lake alone. */
export function lakeServingLines({ lake, authDb }: Config, url: string): Line[] {
  const address = servingAddress(url);
  return [
    styled('bold', `API        ${new URL('/docs', address).href}`),
    ...tokenLines(authDb, address),
    `Lake       ${lake?.location ?? ''}`,
    'Collects   nothing: it answers from the sealed days of all archives of the lake',
    'Ctrl-C     stops the server, after the replies in flight',
  ];
}

function tokenLines(path: string, address: string): string[] {
  const db = openAuthDb(path);
  try {
    if (hasToken(db))
      return [
        `Token      needed: sign in with one at ${new URL('/login', address).href}`,
        '           "ssm-archive token list" shows the tokens. To make another:',
        '           "ssm-archive token create --name me --role operator"',
      ];
    return [
      'Token      none is needed, because none was ever made. To make the first:',
      '           "ssm-archive token create --name me --role operator"',
    ];
  } finally {
    db.close();
  }
}
