# Starts a job and follows it to its end. the_job, its work, is defined in front of this; it runs in a subshell that does not
# hold the lock: a daemon that it starts must not keep it.
. ./places.sh

# Inputs.
: "${jobId=}" "${jobName=}"

exec 9>>"$run/lock"
if ! flock -n 9; then
  other=$(cat "$run/name" 2>/dev/null)
  printf 'Waiting for “%s”, which is still running on this server.\n' "$other"
  tail -n +1 -s 0.2 -f "$run/log" 9>&- &
  flock 9
  sleep 0.5
  kill $!
  printf '{"waitedFor":"%s"}\n' "$other" >&3
  exit 0
fi
umask 077
# On a full disk nothing would be heard of the reason: the log is then kept in memory. So it is where its folder may be
# somebody else's: Ubuntu's group syslog can rename what is in /var/log.
if own_folder "$logs" && settle "$logs" && folder=$real && enter && [ "$(stat -c %u .)" = 0 ] &&
  { head -c 65536 /dev/zero >.room 2>/dev/null && rm -f .room || { rm -f .room; false; }; }; then
  log=$logs/$jobName.log
else
  cd "$run" && log=$run/$jobName.log || exit 74
fi
[ ! -e "$jobName.log" ] || mv -f "$jobName.log" "$jobName.log.1"
: >"$jobName.log" && exec 8>>"$jobName.log" && : >"$run/result" && rm -f "$run/code" "$run/pid" && ln -sfn "$log" "$run/log" || exit 74
cd /
printf '%s\n' "$jobId" >"$run/id" && printf '%s\n' "$jobName" >"$run/name" && printf '%s\n' $$ >"$run/leader" || exit 74
(
  exec 3>>"$run/result" >&8 2>&1 8>&-
  (
    exec 9>&-
    umask 022
    unset run logs log folder real link stranger
    the_job
  )
  printf '%s\n' $? >"$run/code"
) &
job=$!
printf '%s\n' $job >"$run/pid"
exec 8>&- 9>&-
tail -n +1 -s 0.2 --pid=$job -f "$log"
wait $job
printf '{"log":"%s"}\n' "$log" >&3
cat "$run/result" >&3
exit "$(cat "$run/code" 2>/dev/null || echo 75)"
