# Sourced by the scripts beside it, each in a mount namespace of its own: nothing that is mounted outlives its step.
# mount_layers mounts a root at $ROOT: the folders in $LAYERS on top of each other, the uppermost first. What is changed
# goes to $CHANGES, with $WORK beside it for overlayfs; without $CHANGES nothing can be changed. mount_system adds /proc
# and the devices that every container has.
set -eu

mount_layers() {
  if [ -n "${CHANGES:-}" ]; then
    mount -t overlay overlay -o "lowerdir=$LAYERS,upperdir=$CHANGES,workdir=$WORK" "$ROOT"
  else
    mount -t overlay overlay -o "ro,lowerdir=$LAYERS" "$ROOT"
  fi
}

mount_system() {
  mount -t proc -o nosuid,nodev,noexec proc "$ROOT/proc"
  mount -t tmpfs -o mode=755,nosuid,noexec tmpfs "$ROOT/dev"
  for name in null zero full random urandom tty; do
    touch "$ROOT/dev/$name"
    mount --bind "/dev/$name" "$ROOT/dev/$name"
  done
  ln -s /proc/self/fd "$ROOT/dev/fd"
  ln -s /proc/self/fd/0 "$ROOT/dev/stdin"
  ln -s /proc/self/fd/1 "$ROOT/dev/stdout"
  ln -s /proc/self/fd/2 "$ROOT/dev/stderr"
  mkdir -m 1777 "$ROOT/dev/shm"
  mount -t tmpfs -o mode=1777,nosuid,nodev,noexec tmpfs "$ROOT/dev/shm"
}
