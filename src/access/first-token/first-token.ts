import type { NewToken } from '../tokens/create-token.ts';

/** What the secret in the file of the first token becomes. */
export const FIRST_TOKEN = { name: 'first', role: 'operator', expiresAt: undefined } as const satisfies NewToken;

/** The variable that names the file. */
export const TOKEN_FILE_SETTING = 'SSM_ARCHIVE_TOKEN_FILE';
