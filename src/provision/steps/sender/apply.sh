. ../../shell/library.sh
. ./util.sh

set -e
[ -d "$(dirname "$users")" ] || fail no-domain "There is no folder for ${sender#*@} yet." "A sender belongs to a domain." "Run the step Domain for ${sender#*@} first."
fresh=; [ -e "$users" ] || fresh=yes
lock_files 30 || fail files-busy "chasquid's files are being changed by another window." "It did not end within 30 seconds." "Wait for it, then try again."
# chasquid-util works on a copy: it follows links, and a file made by root would be unreadable for the daemon.
copy=$scratch/config/domains/${sender#*@}
mkdir -p "$copy"
[ -n "$fresh" ] || read_file "$users" >"$copy/users"
util user-add "$scratch/config" || fail sender-not-added "chasquid-util did not add $sender." \
  "$(chasquid-util -C="$config" check-userdb "${sender#*@}" 2>&1 | tail -n 1)." "Check $users, then try again."
install_file "$users" "root:$daemonGroup" 640 <"$copy/users"
util authenticate || fail sender-not-accepted "chasquid does not accept the password that was just set for $sender." \
  "The file $users does not hold what was written." "Try again with another password."
# Before 1.15 a running daemon does not notice the first users file of a domain.
if [ -n "$fresh" ] && ! since 15; then systemctl try-restart chasquid.service; fi
say "Added $sender"
