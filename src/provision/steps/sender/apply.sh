set -e
[ -d "$(dirname "$users")" ] || fail no-domain "There is no folder for ${sender#*@} yet." "A sender belongs to a domain." "Run the step Domain for ${sender#*@} first."
fresh=; [ -e "$users" ] || fresh=yes
backup "$users"
util user-add || fail sender-not-added "chasquid-util did not add $sender." \
  "$(chasquid-util -C="$conf" check-userdb "${sender#*@}" 2>&1 | tail -n 1)." "Look at $users, then try again."
# A file made by root would be unreadable for the daemon, which then refuses every password.
chown "root:$daemonGroup" "$users"
chmod 640 "$users"
util authenticate || fail sender-not-accepted "chasquid does not accept the password that was just set for $sender." \
  "The file $users does not hold what was written." "Try again with another password."
# Before 1.15 a running daemon does not notice the first users file of a domain.
if [ -n "$fresh" ] && ! since 15; then systemctl try-restart chasquid.service; fi
say "Added $sender"
