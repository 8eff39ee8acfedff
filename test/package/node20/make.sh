#!/bin/sh
# Made archive.tgz: an archive of the last version that ran on Node 20 (commit 12abd1e), collected in three passes from a
# simulated fleet, with its key, its checkpoints and a token, which open nothing else. It needs GNU's date and tar:
#   sh make.sh <folder of that version, built> <Node 20>
set -eu
version=$(cd "$1" && pwd)
node=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=any AWS_EC2_METADATA_DISABLED=true
export AWS_ENDPOINT_URL=http://127.0.0.1:8499 SSM_ARCHIVE_DB=archive.db SSM_ARCHIVE_CHECKPOINT_DIRECTORY=checkpoints

# at <time> <command…>: the command, on a machine whose clock shows that time.
at() {
  ms=$((($(date -d "$1" +%s) - $(date +%s)) * 1000))
  shift
  exec "$node" --import "file://$version/test/browser/shift-clock.mjs?ms=$ms" "$version/dist/cli.js" "$@"
}

for hour in 17T12 17T20 18T02; do
  (at "2026-03-${hour}:00Z" simulate --port 8499 --invocations 400 --seed node20-53) &
  simulator=$!
  sleep 2
  (at "2026-03-${hour}:00Z" ingest)
  kill "$simulator"
  wait "$simulator" || true
done
(at 2026-03-18T02:05Z token create --name auditor --role sql --expires never > token)
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-03-18 -cf - archive.db auth.db checkpoints ledger.key token | gzip -9 > "$here/archive.tgz"
