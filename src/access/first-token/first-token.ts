import type { NewToken } from '../tokens/create-token.ts';

/** The name and role of the token that is made from the file. */
export const FIRST_TOKEN = { name: 'first', role: 'operator', expiresAt: undefined } as const satisfies NewToken;

/** The environment variable with the path of the first token's file. */
export const TOKEN_FILE_SETTING = 'SSM_ARCHIVE_TOKEN_FILE';
