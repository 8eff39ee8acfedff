"""
Runs the script that the product prints, with a catalog of its own, before and after each change of the lake, and prints
what the script said and the rows of each table.
"""

import contextlib
import io
import json
import os
import shutil
import sys

task = json.load(sys.stdin)
folder = task["folder"]
os.environ.update(
    PYICEBERG_CATALOG__DEFAULT__TYPE="sql",
    PYICEBERG_CATALOG__DEFAULT__URI=f"sqlite:///{folder}/catalog.db",
    PYICEBERG_CATALOG__DEFAULT__WAREHOUSE=f"file://{folder}/warehouse",
)
printed = compile(task["script"], "printed.py", "exec")


def run():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(printed, {"__name__": "__main__"})
    return said.getvalue().splitlines()


runs = [run()]
for change in task["copies"]:
    os.makedirs(os.path.dirname(change["to"]), exist_ok=True)
    shutil.copy(change["from"], change["to"])
    runs.append(run())

from pyiceberg.catalog import load_catalog

tables = {}
for name in task["tables"]:
    columns = load_catalog().load_table(f"ssm_archive.{name}").scan().to_arrow().to_pydict()
    tables[name] = {"columns": list(columns), "rows": list(zip(*columns.values()))}
span = "requested_at >= '2026-03-02' AND requested_at < '2026-03-03'"
plugins = load_catalog().load_table("ssm_archive.plugins")
files = [f.file.file_path for f in plugins.scan(row_filter=span).plan_files()]
json.dump({"runs": runs, "tables": tables, "filesOfSpan": files}, sys.stdout)
