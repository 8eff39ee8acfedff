import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Parses the value of --url, a server's address, to which the API's paths are added. Throws UserFault for text that is
 * not such an address.
 */
export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrongCall(`--url must be the address of a server, such as http://127.0.0.1:8420, not "${text}".`);
  if (url.username !== '' || url.password !== '')
    throw wrongCall('--url must have no user and no password in it; SSM_ARCHIVE_TOKEN or --token gives the token.');
  return new URL(url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`, url.origin);
}

/**
 * Returns the token in a form that a header can have. For text that can't be a token, throws UserFault, which does not
 * repeat the text.
 */
export function parseToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  throw wrongCall('The token is empty or has a character that no token has; "ssm-archive token create" prints one.');
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}
