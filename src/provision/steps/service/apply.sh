. ../../shell/library.sh
. ./look.sh

set -e
systemctl daemon-reload
# A fresh package fails for want of a domain until its start limit is reached, and takes its sockets down with it.
systemctl stop chasquid.service 2>/dev/null || :
systemctl reset-failed 'chasquid*' 2>/dev/null || :
for socket in $(systemctl list-unit-files --no-legend 'chasquid*.socket' | awk '{ print $1 }'); do
  systemctl restart "$socket" || :
done
systemctl enable chasquid.service 2>&1 || :
since=$(date +%s)
systemctl restart chasquid.service || :

waited=0
while [ $waited -lt 20 ]; do
  wrong=$(trouble)
  [ -n "$wrong" ] || { say "chasquid runs"; exit 0; }
  # It is restarted by systemd again and again while it fails: once is enough to know.
  case $(unit_value SubState) in auto-restart* | failed) [ $waited -lt 4 ] || break ;; esac
  sleep 0.5
  waited=$((waited + 1))
done
say "The last lines of its journal:"
journalctl -u 'chasquid*' --since "@$since" -o cat --no-pager -n 30 2>/dev/null || :
fail service-not-well "chasquid did not start correctly." "Seen: $wrong." "Read the last lines of its journal above; fix what they name, then try again."
