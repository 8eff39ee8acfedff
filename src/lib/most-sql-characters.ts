/** The longest SQL text that is accepted. The access log keeps as much of it. */
export const MOST_SQL_CHARACTERS = 1_000_000;
