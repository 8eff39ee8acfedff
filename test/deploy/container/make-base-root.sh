# Makes a root of Debian's suite $SUITE from $MIRROR in the folder $TARGET, which must not be there yet, by way of $ROOT, in
# a mount namespace of its own. It is made in memory: dpkg waits for the disk with each package, which takes most of the
# time where other tests write too.
set -eu
mount -t tmpfs -o mode=755 tmpfs "$ROOT"
# minbase is the smallest variant, and what the images debian:<suite>-slim are made of.
debootstrap --variant=minbase "$SUITE" "$ROOT/debian" "$MIRROR"
# What installing has filled, and the images have empty.
rm -r "$ROOT/debian/var/cache/apt/archives" "$ROOT/debian/var/lib/apt/lists" "$ROOT/debian/var/log"
mkdir -p "$ROOT/debian/var/cache/apt/archives/partial" "$ROOT/debian/var/lib/apt/lists/partial" "$ROOT/debian/var/log"
# The images have this too: apt keeps no lists of its own, which are half as large as the system.
echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache ""; Acquire::Languages "none";' \
  >"$ROOT/debian/etc/apt/apt.conf.d/docker-clean"
cp -a "$ROOT/debian" "$TARGET"
