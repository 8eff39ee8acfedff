/** The fault of a YAML file with several documents, to follow the file's name in a sentence. */
export const SEVERAL_DOCUMENTS = 'has several documents, divided by lines of "---": join them into one.';
