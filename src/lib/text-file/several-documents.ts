/** What is wrong with a file of YAML that should be one document, behind its name. */
export const SEVERAL_DOCUMENTS = 'has several documents, which lines of "---" divide: make one of them.';
