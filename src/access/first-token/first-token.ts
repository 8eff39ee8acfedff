import type { NewToken } from '../tokens/create-token.ts';

/** The name and role of the token that is made from the file. */
export const FIRST_TOKEN = { name: 'first', role: 'operator', expiresAt: undefined } as const satisfies NewToken;

/** The variable that names the file of the first token. */
export const TOKEN_FILE_SETTING = 'SSM_ARCHIVE_TOKEN_FILE';
