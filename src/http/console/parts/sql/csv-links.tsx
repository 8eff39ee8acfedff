/** Links to two kinds of CSV, for programs and for spreadsheets. `path` is the address of the first in the API. */
export function CsvLinks({ path }: { path: string }) {
  return (
    <>
      <a
        href={path}
        title="RFC 4180, for programs. The only change is an apostrophe before text that a spreadsheet would run."
      >
        CSV for programs
      </a>
      <a
        href={`${path}&for=spreadsheet`}
        title="For Excel, LibreOffice and Google Sheets: account ids keep their leading zeros, and letters keep their accents. Not for programs."
      >
        CSV for spreadsheets
      </a>
    </>
  );
}
