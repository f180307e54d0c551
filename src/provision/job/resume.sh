# The rest of a job's log and its result, whether it still runs or has ended; nothing when the server knows no such job (any more).
. ./places.sh

# Inputs.
: "${jobId=}" "${from=}"

[ "$(cat "$run/id" 2>/dev/null)" = "$jobId" ] || exit 0
exec 9>>"$run/lock"
if flock -n 9; then
  tail -c +"$from" "$run/log"
else
  while [ ! -s "$run/pid" ]; do sleep 0.1; done
  tail -c +"$from" -s 0.2 --pid="$(cat "$run/pid")" -f "$run/log" 9>&- &
  flock 9
  wait
fi
printf '{"log":"%s"}\n' "$(readlink "$run/log")" >&3
cat "$run/result" >&3
exit "$(cat "$run/code" 2>/dev/null || echo 75)"
