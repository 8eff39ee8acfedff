"""
Reads answers of SQL that are files, Parquet or Arrow, with Arrow's own C++, and prints what it found: names, types, what
the file says of itself, and each value as JSON has it. A file that it does not take for whole is printed as such.
"""

import json
import sys

import pyarrow
import pyarrow.ipc
import pyarrow.parquet


def read(path):
    if path.endswith(".parquet"):
        return pyarrow.parquet.read_table(path)
    with pyarrow.OSFile(path) as file:
        found = pyarrow.ipc.open_file(file).read_all()
    with open(path, "rb") as file:
        # Behind the mark at the beginning, a file is a stream too.
        streamed = pyarrow.ipc.open_stream(file.read()[8:]).read_all()
    assert streamed.schema.equals(found.schema, check_metadata=True) and streamed.num_rows == found.num_rows
    return found


def shown(path):
    try:
        table = read(path)
    except pyarrow.ArrowInvalid:
        return None
    table.validate(full=True)
    metadata = table.schema.metadata or {}
    return {
        "names": table.schema.names,
        "types": [str(field.type) for field in table.schema],
        "metadata": {key.decode(): value.decode() for key, value in metadata.items()},
        "rows": [
            [value.hex() if isinstance(value, bytes) else value for value in row]
            for row in zip(*(column.to_pylist() for column in table.columns))
        ],
    }


print(json.dumps([shown(path) for path in json.load(sys.stdin)]))
