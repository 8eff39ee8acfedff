import type { DdlTable } from '../ddl-table.ts';
import { type DdlRequest, type Engine, SCHEMA } from '../engine.ts';
import { header } from '../header.ts';

/**
 * Iceberg, by a script of PyIceberg: a table of Iceberg is a list of files, and no statement of SQL says which.
 */
export const ICEBERG: Engine = {
  title: 'Iceberg',
  refuses: () => undefined,
  write({ location, tables, version }) {
    return [
      ...header('#', 'Apache Iceberg', version, NOTES),
      ...importsOf(location),
      '',
      ...placeOf(location),
      `NAMESPACE = ${literal(SCHEMA)}`,
      '# By table: its partition, how much of requested_at that is, and the columns.',
      'TABLES = {',
      ...tables.flatMap(entryOf),
      '}',
      '',
      ...SCRIPT,
    ];
  },
};

const NOTES = [
  'Run it with Python: pip install "pyiceberg[pyarrow]", and what your catalog needs. The catalog is the one that is called "default" in ~/.pyiceberg.yaml.',
  'The tables name the files where they are; nothing is copied. There is no column day: ask for a span of requested_at, by which Iceberg leaves out files.',
  'When a new day is sealed, or one again: run it again. If a file has changed, or a later version adds columns, it makes the table again.',
  'Never purge these tables, expire their snapshots or remove their orphan files: that would delete the lake. Give the catalog no right to delete there.',
];

const TYPES = { VARCHAR: 'StringType()', BIGINT: 'LongType()' } as const;
const CHARACTERS = { day: 'YYYY-MM-DD'.length, month: 'YYYY-MM'.length } as const;

function importsOf({ kind }: DdlRequest['location']): string[] {
  return [
    `from pyarrow.fs import FileSelector, ${kind === 's3' ? 'S3FileSystem' : 'LocalFileSystem'}`,
    'from pyarrow.parquet import read_metadata',
    'from pyiceberg.catalog import load_catalog',
    'from pyiceberg.partitioning import PartitionField, PartitionSpec',
    'from pyiceberg.schema import Schema',
    'from pyiceberg.transforms import TruncateTransform',
    'from pyiceberg.types import LongType, NestedField, StringType',
  ];
}

function placeOf(location: DdlRequest['location']): string[] {
  if (location.kind === 'folder')
    return ['STORE = LocalFileSystem()', 'SCHEME = ""', `ROOT = ${literal(location.path)}`];
  const root = `${location.bucket}/${location.prefix}`.replace(/\/$/, '');
  return ['STORE = S3FileSystem()', 'SCHEME = "s3://"', `ROOT = ${literal(root)}`];
}

function entryOf({ name, partition, columns }: DdlTable): string[] {
  return [
    `    ${literal(name)}: (${literal(partition)}, ${CHARACTERS[partition]}, {`,
    ...columns.map((column) => `        ${literal(column.name)}: ${TYPES[column.type]},`),
    '    }),',
  ];
}

/** What is a text of JSON is a text of Python too, since none has a lone surrogate. */
function literal(text: string): string {
  return JSON.stringify(text);
}

const SCRIPT = `
def sizes_of(table):
    """The sizes of a table's files by their addresses."""
    path = f"{ROOT}/{table}"
    folder = FileSelector(path, recursive=True, allow_not_found=True)
    files = {SCHEME + f.path: f.size for f in STORE.get_file_info(folder)}
    return {a: size for a, size in files.items() if a.endswith(".parquet")}


def has_rows(address):
    """A file without rows does not say its day, so Iceberg can't take it."""
    path = address.removeprefix(SCHEME)
    return read_metadata(path, filesystem=STORE).num_rows > 0


def known_files(name, columns, sizes):
    """The files that a table has; None if it must be made, or made again."""
    if not catalog.table_exists(name):
        return None
    table = catalog.load_table(name)
    files = table.inspect.files().to_pylist()
    known = {f["file_path"]: f["file_size_in_bytes"] for f in files}
    same_form = [f.name for f in table.schema().fields] == list(columns)
    return known if same_form and known.items() <= sizes.items() else None


def make_table(name, partition, characters, columns):
    numbered = enumerate(columns.items(), 1)
    fields = [NestedField(n, c, t, required=False) for n, (c, t) in numbered]
    schema = Schema(*fields)
    source = schema.find_field("requested_at").field_id
    start = TruncateTransform(characters)
    spec = PartitionSpec(PartitionField(source, 1000, start, partition))
    if catalog.table_exists(name):
        catalog.drop_table(name)
    catalog.create_table(name, schema, partition_spec=spec)


catalog = load_catalog()
catalog.create_namespace_if_not_exists(NAMESPACE)
for table, (partition, characters, columns) in TABLES.items():
    name = f"{NAMESPACE}.{table}"
    sizes = sizes_of(table)
    known = known_files(name, columns, sizes)
    if known is None:
        make_table(name, partition, characters, columns)
    added = [a for a in sorted(sizes) if a not in (known or {}) and has_rows(a)]
    if added:
        catalog.load_table(name).add_files(added)
    print(f"{name}: {len(added)} files added")
`
  .trim()
  .split('\n');
