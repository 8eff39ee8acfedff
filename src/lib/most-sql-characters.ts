/** The most characters of an SQL text that is accepted. So the access log can keep the whole text. */
export const MOST_SQL_CHARACTERS = 1_000_000;
