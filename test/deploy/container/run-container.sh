# Becomes process 1 of a container: the arguments, in the root of $LAYERS, which can't be written to. The folder $VOLUME
# is mounted at $VOLUME_AT, and a tmpfs at /tmp with $TMP_OPTIONS. The files in $SECRETS are in /run/secrets, read-only.
. "${0%/*}/mount-root.sh"
mount_layers
mount_system
mount -t tmpfs -o "$TMP_OPTIONS" tmpfs "$ROOT/tmp"
mount --bind "$VOLUME" "$ROOT$VOLUME_AT"
mount -t tmpfs -o mode=755,nosuid,nodev,noexec tmpfs "$ROOT/run"
mkdir "$ROOT/run/secrets"
for secret in $SECRETS; do
  touch "$ROOT/run/secrets/${secret##*/}"
  mount --bind "$secret" "$ROOT/run/secrets/${secret##*/}"
  mount -o remount,bind,ro "$ROOT/run/secrets/${secret##*/}"
done
mount -o remount,ro "$ROOT/run"
exec chroot "$ROOT" "$@"
