# COPY: the arguments are the target and its sources. Those are in the folder $CONTEXT, or in another stage's layers,
# $FROM_LAYERS, which are mounted at $FROM_ROOT. All goes by way of the folder $STAGED, where it has the paths that it
# will have, and belongs to root.
. "${0%/*}/mount-root.sh"
mount_layers
source_root=${FROM_ROOT:-${CONTEXT:-}}
[ -z "${FROM_LAYERS:-}" ] || mount -t overlay overlay -o "ro,lowerdir=$FROM_LAYERS" "$source_root"
target=$1
shift
if [ $# -gt 1 ] && [ "${target%/}" = "$target" ]; then
  echo "Several sources need a target that ends with a slash." >&2
  exit 1
fi
for source; do
  if [ -d "$source_root/$source" ]; then
    mkdir -p "$STAGED$target"
    cp -a "$source_root/$source/." "$STAGED$target/"
  else
    case $target in */) mkdir -p "$STAGED$target" ;; *) mkdir -p "$STAGED${target%/*}" ;; esac
    cp -a "$source_root/$source" "$STAGED$target"
  fi
done
chown -hR 0:0 "$STAGED"
tar -C "$STAGED" -c . | chroot "$ROOT" tar -x -C / --no-overwrite-dir --keep-directory-symlink
