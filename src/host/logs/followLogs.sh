# Begins with a line of our own: where the journal stands now, so that a connection lost before the first entry loses nothing.
# The units are named one by one: a pattern matches only units that have logged before.

# Inputs.
: "${after=}" "${lines=}"

set -- -q -a --no-pager -o json -u chasquid -u chasquid-smtp.socket -u chasquid-submission.socket -u chasquid-submission_tls.socket
now=$(journalctl -q --no-pager -n 0 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p')
printf 'start %s\n' "$now"
[ -n "$after" ] || [ "$lines" != 0 ] || after=$now
# --no-tail with a cursor: everything after it, however much.
if [ -n "$after" ]; then exec journalctl "$@" -f --no-tail --after-cursor="$after"
else exec journalctl "$@" -f -n "$lines"; fi
