. ../../shell/library.sh

# disabled_lines FILE: the lines that switch IPv6 off, as sysctl.d(5) reads them (a dash before the name ignores errors).
switch='^[[:space:]]*-\{0,1\}net[./]ipv6[./]conf[./][^=]*[./]disable_ipv6[[:space:]]*=[[:space:]]*1[[:space:]]*$'
disabled_lines() { sed -n "\\|$switch|p" "$1" 2>/dev/null; }

# The files of which systemd-sysctl reads these settings; those of packages below /usr are not ours to change.
settings() { for file in /etc/sysctl.conf /etc/sysctl.d/*.conf; do if [ -f "$file" ]; then printf '%s\n' "$file"; fi; done; }

# Interfaces, and `all` and `default`, for which the running kernel has IPv6 switched off.
switched_off() {
  for state in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
    if [ "$(cat "$state" 2>/dev/null)" = 1 ]; then basename "$(dirname "$state")"; fi
  done
}

global_address() { ip -6 -o addr show scope global 2>/dev/null | awk '!/ (tentative|deprecated|dadfailed)/ { sub("/.*", "", $4); if ($4 !~ /^f[cd]/ || !found) found = $4 } END { print found }'; }
