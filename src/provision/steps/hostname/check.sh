. ../../shell/library.sh

# Inputs.
: "${hostname=}"

state=done
system=$(cat /etc/hostname 2>/dev/null)
if [ "$system" != "$hostname" ]; then
  state=needed
  change "- /etc/hostname: $system"
  change "+ /etc/hostname: $hostname"
fi
# The name must lead to this machine itself even while the DNS is away.
if ! awk -v name="$hostname" '!/^[[:space:]]*#/ { for (i = 2; i <= NF; i++) if ($i == name) found = 1 } END { exit !found }' /etc/hosts; then
  state=needed
  change "+ /etc/hosts: 127.0.1.1 $hostname ${hostname%%.*}"
fi
if [ "$(written hostname)" != "$hostname" ] || ! has chasquid-util || [ "$(setting hostname)" != "$hostname" ]; then
  state=needed
  [ -z "$(written hostname)" ] || change "- chasquid.conf: hostname: \"$(written hostname)\""
  change "+ chasquid.conf: hostname: \"$hostname\""
fi
if [ -d /etc/cloud ] && [ ! -e /etc/cloud/cloud.cfg.d/99-chasquid-hostname.cfg ]; then
  state=needed
  change "+ /etc/cloud/cloud.cfg.d/99-chasquid-hostname.cfg: preserve_hostname: true"
fi
fact hostname "$(hostname)"
[ $state = done ] && answer done "$hostname" || answer needed "To be named $hostname"
