. ../../shell/library.sh
. ./find.sh

set -e
begin_backup
record=$backupFolder/permissions

# What these functions get is a draft of the file, or the folder itself; real is its path.
remember() { printf '%s %s\n' "$(stat -c '%a %u %g' -- "$1")" "$real" >>"$record"; }
allow() {
  remember "$1" || return
  case $real in
    "$root" | "$root"/*) chgrp -- "$daemonGroup" "$1" && if [ -d "$1" ]; then chmod g+rx -- "$1"; else chmod g+r -- "$1"; fi ;;
    *) allow_beside "$1" ;;
  esac
}
# Certificates of acme.sh or certbot stay theirs; the daemon's user is let in beside their owner.
allow_beside() {
  up=$(dirname -- "$real")
  while [ "$up" != / ]; do
    as_daemon test -x "$up" || on "$up" allow_through || return
    up=$(dirname -- "$up")
  done
  if [ -d "$1" ]; then setfacl -m "u:$daemonUser:rx" -m "d:u:$daemonUser:rX" -- "$1"; else setfacl -m "u:$daemonUser:r" -- "$1"; fi
}
allow_through() { remember "$1" && setfacl -m "u:$daemonUser:x" -- "$1"; }
let_run() { remember "$1" && chmod a+x -- "$1"; }
close() { remember "$1" && chgrp -- "$daemonGroup" "$1" && chmod u=rw,g=r,o= -- "$1"; }

# What lies in a folder shows only once the folder can be entered.
rounds=0
while unreadable | ours >"$scratch/unreadable" && [ -s "$scratch/unreadable" ] && [ $rounds -lt 6 ]; do
  rounds=$((rounds + 1))
  while IFS= read -r path; do
    case $(readlink -f -- "$path") in "$root" | "$root"/*) ;; *) install_packages acl </dev/null ;; esac
    on "$path" allow
  done <"$scratch/unreadable"
done
unhooked | ours | while IFS= read -r path; do on "$path" let_run; done
exposed | ours | while IFS= read -r path; do on "$path" close; done

if [ -e "$record" ]; then
  cut -d ' ' -f 4- "$record" | sort -u | while IFS= read -r path; do printf '%s %s\n' "$(stat -c '%a %u %g' -- "$path")" "$path"; done >"$record-left"
fi
