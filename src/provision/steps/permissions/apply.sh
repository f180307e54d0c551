set -e
user=$daemonUser
group=$daemonGroup

backup

# remember PATH: its owner and mode, for undo.
remember() {
  stat -c '%a %u %g %n' -- "$1" >>"$backupFolder/permissions"
}
allow_here() {
  remember "$1"
  chgrp -- "$group" "$1"
  if [ -d "$1" ]; then chmod g+rx -- "$1"; else chmod g+r -- "$1"; fi
}
# Certificates of acme.sh or certbot stay theirs; the daemon's user is let in beside their owner.
allow_there() {
  install_packages acl </dev/null
  up=$(dirname "$1")
  while [ "$up" != / ]; do
    as_daemon test -x "$up" || { remember "$up"; setfacl -m "u:$user:x" -- "$up"; }
    up=$(dirname "$up")
  done
  remember "$1"
  if [ -d "$1" ]; then setfacl -m "u:$user:rx" -m "d:u:$user:rX" -- "$1"; else setfacl -m "u:$user:r" -- "$1"; fi
}

# What lies in a folder shows only once the folder can be entered.
rounds=0
while unreadable >"$scratch/unreadable" && [ -s "$scratch/unreadable" ] && [ $rounds -lt 6 ]; do
  rounds=$((rounds + 1))
  while IFS= read -r path; do
    real=$(readlink -f -- "$path")
    case $real in
      "$root" | "$root"/*) allow_here "$real" ;;
      *) allow_there "$real" ;;
    esac
  done <"$scratch/unreadable"
done
unhooked | while IFS= read -r path; do remember "$path"; chmod a+x -- "$path"; done
exposed | while IFS= read -r path; do
  remember "$path"
  chgrp -- "$group" "$path"
  chmod u=rw,g=r,o= -- "$path"
done
