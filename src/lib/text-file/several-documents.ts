/** What is wrong with a file of YAML that should be one document, behind its name. */
export const SEVERAL_DOCUMENTS = 'has several documents, divided by lines of "---": join them into one.';
