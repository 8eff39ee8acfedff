/** Links to two kinds of CSV: given a path of the API that answers exact CSV, also one for spreadsheets. */
export function CsvLinks({ path }: { path: string }) {
  return (
    <>
      <a href={path} title="RFC 4180, for programs. Only an apostrophe is added, before what a spreadsheet would run.">
        CSV for programs
      </a>
      <a
        href={`${path}&for=spreadsheet`}
        title="For Excel, LibreOffice and Google Sheets: account ids keep their zeros, and letters their accents. Not for programs."
      >
        CSV for spreadsheets
      </a>
    </>
  );
}
