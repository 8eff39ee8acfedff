/** The fault of a YAML file with several documents. Worded to come after the file's name in a sentence. */
export const SEVERAL_DOCUMENTS = 'has several documents, divided by lines of "---": join them into one.';
