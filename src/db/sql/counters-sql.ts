import { COUNTERS } from '../../model/coverage/counters.ts';

/** SQL: the columns of the counters. */
export const COUNTER_COLUMNS = COUNTERS.map(({ column }) => column).join(', ');

/** SQL: the values of the columns, as parameters with the names of the counters. */
export const COUNTER_VALUES = COUNTERS.map(({ name }) => `:${name}`).join(', ');

/** SQL: the columns for a SELECT, each under the name of its counter. */
export const COUNTERS_BY_NAME = COUNTERS.map(({ name, column }) => `${column} AS ${name}`).join(', ');

/** SQL: for an UPDATE, sets each column to the parameter with the name of its counter. */
export const SET_COUNTERS = COUNTERS.map(({ name, column }) => `${column} = :${name}`).join(', ');
