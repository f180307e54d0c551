# Ends a job with all that it has started.
. ./places.sh

# Inputs.
: "${jobId=}"

[ "$(cat "$run/id" 2>/dev/null)" = "$jobId" ] || exit 0
exec 9>>"$run/lock"
flock -n 9 && exit 0
leader=$(cat "$run/leader")
kill -s TERM -- -"$leader"
flock -w 3 9 || kill -s KILL -- -"$leader"
