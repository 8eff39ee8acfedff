#!/bin/sh
# boot-machine.sh NAME SCRATCH FILES: this machine's own files, with those of FILES above them, as a machine of its own
# that systemd-nspawn boots. What it writes is in memory. Called in mount and process namespaces of its own (unshare), so
# that mounts and processes end with it.
set -eu
name=$1 scratch=$2 files=$3

# Two machines in one control group would take each other's processes for their own.
for top in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  if [ -e "$top/cgroup.procs" ]; then
    mkdir -p "$top/$name"
    echo 0 > "$top/$name/cgroup.procs"
  fi
done

mount -t tmpfs -o mode=755 none "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
cp -a "$files/." "$scratch/root/"
# The network is shared, so that tests reach the service; without its capability nobody in there can change it.
exec systemd-nspawn --quiet --machine="$name" --directory="$scratch/root" --register=no --keep-unit --link-journal=no \
  --console=pipe --boot systemd.unit=sysinit.target
