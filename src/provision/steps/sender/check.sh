. ../../shell/library.sh
. ./util.sh

if [ -z "$sender" ]; then
  someone=$(cat "$config"/domains/*/users 2>/dev/null | grep -c 'key:') || :
  [ "${someone:-0}" -gt 0 ] && answer done "$someone senders"
  answer needed "No sender has been named yet"
fi
if ! known; then
  change "+ $users: ${sender%@*}"
  answer needed "To add $sender"
fi
if [ -n "$senderPassword" ] && ! util authenticate; then
  change "~ $users: the password of ${sender%@*}"
  answer needed "$sender has another password"
fi
answer done "$sender"
