# A program that ends at once counts as started for systemd, so we look again: the same process for a second, or a process that
# has said that it listens.
systemctl reset-failed 'chasquid*' 2>/dev/null
for socket in chasquid-smtp chasquid-submission chasquid-submission_tls; do
  [ "$(systemctl is-enabled $socket.socket 2>/dev/null)" != enabled ] || systemctl start $socket.socket
done
systemctl restart chasquid.service
pid=; same=0; n=0
while [ $n -lt 50 ] && [ $same -lt 10 ]; do
  sleep 0.1; n=$((n+1))
  now=$(systemctl show chasquid.service -p MainPID --value)
  if [ "$now" = 0 ] || [ -z "$now" ]; then
    # Down; after the last allowed attempt it stays so.
    [ "$(systemctl is-active chasquid.service)" != failed ] || break
    same=0
  elif [ "$now" = "$pid" ]; then same=$((same+1)); else same=0; fi
  pid=$now
done
