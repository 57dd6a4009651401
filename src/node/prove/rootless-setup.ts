/**
 * Sets up a sandbox, as process 1 of process, mount and user namespaces of its own, in which the user is root over
 * nothing but his own. Ends, and with it every process and mount of the sandbox, when descriptor 4 is closed: by whoever
 * started it, or by the kernel when that one dies.
 *
 * Arguments: size of the file system that takes all writes, path and mode of the script, its folder, the user's home,
 * hidden folders, shown folders (both one a line), then the command that runs the driver in the merged tree. The text of
 * the script comes from descriptor 5.
 *
 * Everything is built in /sys: a folder every Linux has, so none has to be made, and nothing the sandbox needs lies there.
 * The layers, topmost first: `upper` takes what the script writes and is empty at the start; `plant` holds the script;
 * `mask` hides folders, shows the script's own in them, and has stand-ins for files that only root can read; `root` is the
 * machine's own root, taken with all mounts and before the overlay is there, which must not lie inside its own layer.
 */
export const setup = String.raw`
set -eu
space=$1 script=$2 mode=$3 directory=$4 home=$5 hidden=$6 shown=$7; shift 7
echo 1000 >/proc/self/oom_score_adj 2>/dev/null || :

mount -t tmpfs -o "size=$space,nr_inodes=100k,mode=755" tmpfs /sys
cd /sys
mkdir root mask plant upper work merged before
mount --rbind / root

IFS='
'
set -f
for path in $hidden; do
  mkdir -p "mask$path"
  : >"mask$path/.wh..wh..opq"
done
chmod 1777 mask/tmp mask/var/tmp 2>/dev/null || :
mkdir -p mask/run/lock

# Homes are there, as they are when new.
for path in /root "$home"; do
  mkdir -p "mask$path"
  cp -R /etc/skel/. "mask$path/" 2>/dev/null || :
done
chmod 700 mask/root

# Only root reads these; in the sandbox the script is root, so something has to be there.
find /etc /var -xdev -maxdepth 4 \( -type f -o -type d \) ! -readable -print 2>/dev/null >unreadable || :
while IFS= read -r path; do
  if [ -d "$path" ]; then
    mkdir -p "mask$path"
    : >"mask$path/.wh..wh..opq"
  else
    mkdir -p "mask$(dirname "$path")"
    case $path in
      /etc/shadow) sed 's/:.*/:*:19000:0:99999:7:::/' /etc/passwd ;;
      /etc/gshadow) sed 's/:.*/:*::/' /etc/group ;;
      # What most distributions begin with, as scripts edit it.
      /etc/sudoers)
        printf '%s\n' 'Defaults	env_reset' 'Defaults	mail_badpass' \
          'Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"' \
          'root	ALL=(ALL:ALL) ALL' '%sudo	ALL=(ALL:ALL) ALL' '%wheel	ALL=(ALL:ALL) ALL' '@includedir /etc/sudoers.d'
        ;;
    esac >"mask$path"
  fi
  chmod --reference="$path" "mask$path" 2>/dev/null || :
done <unreadable

# Everything is root's here already, and set-id programs have no effect.
mkdir -p mask/usr/bin
cat >mask/usr/bin/sudo <<'SUDO'
#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    --user=* | --group=*) shift ;;
    -[CDghpRrTtUu] | --user | --group) shift; [ $# -eq 0 ] || shift ;;
    -*) shift ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- /bin/sh
exec "$@"
SUDO
chmod 755 mask/usr/bin/sudo

mkdir -p "plant$(dirname "$script")"
cat <&5 >"plant$script"
chmod "$mode" "plant$script"

# Last: whatever was written to the mask after this could end up in the real folder.
for path in $shown; do
  [ -r "$path" ] && [ -x "$path" ] || continue
  mkdir -p "mask$path"
  mount --rbind "$path" "mask$path"
done

# That of the new process namespace, in which bubblewrap looks itself up.
mount -t proc proc /proc

layers=lowerdir=/sys/plant:/sys/mask:/sys/root
{
  fuse-overlayfs -o "$layers,upperdir=/sys/upper,workdir=/sys/work,squash_to_root,noacl" merged &&
    fuse-overlayfs -o "$layers,squash_to_root,noacl" before
} </dev/null >overlay.log 2>&1 3<&- 4<&- 5<&- || { cat overlay.log >&2; exit 1; }
[ -d "merged$directory" ] || mkdir -p "merged$directory"

# Through pipes of our own: what the script gets may be opened again by name, as in "echo >/dev/stderr".
mkfifo out err
exec 6<&0
cat out 3<&- 4<&- 5<&- 6<&- & out=$!
cat err >&2 3<&- 4<&- 5<&- 6<&- & err=$!
"$@" <&6 >out 2>err 4<&- 5<&- 6<&- & driver=$!
exec >&- 2>&- 3<&- 5<&- 6<&-

# Two things end it: the driver does, and with it all it started, or descriptor 4 is closed.
trap 'exit 0' TERM
{ read -r _ <&4 || :; kill -TERM $$; } &
exec 4<&-
wait "$out" "$err" "$driver"
`;
