. ../shell/place.sh
. ../shell/refuse.sh

# Inputs.
: "${path=}" "${content=}" "${expectedHash=}" "${newHash=}" "${forDaemon=}" "${usersFile=}"

locate
cd "$config" 2>/dev/null || cd /
umask 077
answer() { field "$1" "" "$2"; }
fail() { answer failed ""; exit 0; }
lock_files 30 || refuse $?
if [ "$usersFile" = yes ]; then
  for comm in /proc/[0-9]*/comm; do
    { read -r name < "$comm"; } 2>/dev/null && [ "$name" = chasquid-util ] || continue
    case $(tr '\0' ' ' < "$(dirname "$comm")/cmdline") in *user-add*|*user-remove*)
      pid=$(dirname "$comm"); answer busy "$(basename "$pid")"; exit 0;;
    esac
  done
fi
hold "$path" || refuse $?
# Only chasquid's own files become the daemon's.
case $path in /*) own=no ;; *) own=yes ;; esac
case $path in "$config"/*) own=yes ;; esac
case $real in "$(readlink -f -- "$config")"/*) own=yes ;; esac
if [ -e draft ]; then now=$(sha256sum < draft | cut -c 1-64); else now=absent; fi
[ "$now" = "$expectedHash" ] || { answer conflict ""; exit 0; }
if [ "$now" != absent ]; then
  backup=/var/backups/chasquid-setup/$(date -u +%Y%m%dT%H%M%SZ).$$
  own_folder /var/backups/chasquid-setup && mkdir -p "$backup$folder" && cp -a draft "$backup$real" || fail
fi
# What is written to an existing draft leaves it the owner, mode and access list of the old file.
printf %s "$content" | base64 -d > draft && [ "$(sha256sum < draft | cut -c 1-64)" = "$newHash" ] || fail
case $now$own in
  absentyes) chown "$daemonUser:$daemonGroup" draft && chmod 660 draft ;;
  absentno) chmod 644 draft ;;
esac || fail
opens() (cd / && as_daemon sh -c '{ command : < "$1"; } 2>/dev/null' sh "$1")
repaired=no
# The daemon cannot enter the draft's folder: it gets the file itself, and opens it anew with its own rights.
if [ "$forDaemon$own" = yesyes ] && id "$daemonUser" >/dev/null 2>&1 && ! opens /proc/self/fd/8 8< draft; then
  chown "$daemonUser:$daemonGroup" draft && chmod u+r draft && repaired=yes
fi
place || fail
[ "$now" = absent ] || answer backup "$backup$real"
readable=yes; id "$daemonUser" >/dev/null 2>&1 && { opens "$real" || readable=no; }
answer repaired "$repaired"
answer readable "$readable"
answer done ""
