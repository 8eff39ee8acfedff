import { FILTER_NAMES, FILTERS, type FilterWith } from './filters.ts';

export type IdFilter = FilterWith<{ isId: true }>;
export type SuggestedFilter = FilterWith<{ field: { isSuggested: true } }>;
export type ParameterFilter = FilterWith<{ isOfReports: true }>;

/** The filters for ids of which people may type only the first letters. */
export const ID_FILTERS = FILTER_NAMES.filter((name): name is IdFilter => FILTERS[name].isId === true);

/** The filters whose values are looked up while a person types. */
export const SUGGESTED_FILTERS = FILTER_NAMES.filter(
  (name): name is SuggestedFilter => FILTERS[name].field?.isSuggested === true,
);

/** The filters whose values a report's parameter may take, by their API names. */
export const PARAMETER_FILTERS = FILTER_NAMES.filter(
  (name): name is ParameterFilter => FILTERS[name].isOfReports === true,
);
