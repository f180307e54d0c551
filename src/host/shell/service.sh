# What systemd says of chasquid's unit.

# show_unit OPTIONS...: its properties, with times in UTC, because the abbreviation of a local zone is ambiguous. Every systemd
# prints its times in the zone of TZ; a --timestamp=unix is unknown to systemd 249 (Ubuntu 22.04), which then prints nothing.
show_unit() { TZ=UTC0 systemctl show chasquid.service "$@"; }

# unit_value PROPERTY
unit_value() { systemctl show chasquid.service -p "$1" --value 2>/dev/null; }

# stopped_on_purpose: chasquid ends with status 1 also when it is told to stop (chasquid.go:signalHandler), so that systemd
# calls the service failed. Its last word tells.
stopped_on_purpose() {
  journalctl -q --no-pager -o cat -n 40 _SYSTEMD_UNIT=chasquid.service 2>/dev/null |
    grep -a '^☠' | tail -n 1 | grep -qa 'Got signal to exit'
}
