/** How long the text of a query may be; the access log keeps as much of it. */
export const MOST_SQL_CHARACTERS = 1_000_000;
