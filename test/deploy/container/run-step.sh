# RUN: $COMMAND by /bin/sh in the root, in $FOLDER, with the arguments as its environment. $CACHES has the cache mounts,
# each as `<folder of this machine>=<folder in the root>`. Certificates that Node trusts on this machine, the step trusts.
. "${0%/*}/mount-root.sh"
mount_layers
mount_system
mount --bind /etc/resolv.conf "$ROOT/etc/resolv.conf"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/run"
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp "$NODE_EXTRA_CA_CERTS" "$ROOT/run/extra-ca-certs.pem"
  set -- "$@" NODE_EXTRA_CA_CERTS=/run/extra-ca-certs.pem
fi
for cache in $CACHES; do
  mkdir -p "${cache%=*}" "$ROOT${cache#*=}"
  mount --bind "${cache%=*}" "$ROOT${cache#*=}"
done
exec chroot "$ROOT" /usr/bin/env --ignore-environment --chdir="$FOLDER" "$@" /bin/sh -c "$COMMAND"
