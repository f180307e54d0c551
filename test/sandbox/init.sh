#!/bin/bash
# init.sh RUN COMMAND…: the first process of a world's namespaces (see enter.ts). When it ends, so does everything in them.
set -euo pipefail
run=$1
shift
mount -t tmpfs -o mode=755 sandbox "$run"
export CHASQUID_SANDBOX_RUN=$run
ip link set lo up
# Names are asked of the world's own DNS server.
if [ -e /etc/resolv.conf ]; then
  echo 'nameserver 10.77.0.1' >"$run/resolv.conf"
  mount --bind "$run/resolv.conf" /etc/resolv.conf
fi

# Descriptor 3 stays open for as long as whoever entered lives and wants the command to go on.
(read -r _ <&3 || kill -TERM $$) &
exec 3<&-
# A command in the background would not hear Ctrl-C.
env --default-signal=INT,QUIT -- "$@" <&0 &
command=$!
trap 'kill -TERM $command 2>/dev/null' TERM
trap : INT
status=0
while kill -0 $command 2>/dev/null; do wait $command && status=0 || status=$?; done
exit $status
