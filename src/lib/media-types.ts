/** Forms of an answer that are files of columns: binary, with a type for each column. */
export const FILE_FORMATS = ['parquet', 'arrow'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** The media type of each form over HTTP. */
export const MEDIA_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
} as const;

/** Whether a form is a file of columns. */
export function isFileFormat(format: string): format is FileFormat {
  return FILE_FORMATS.some((one) => one === format);
}
