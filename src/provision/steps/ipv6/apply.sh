. ../../shell/library.sh
. ./look.sh

set -e
for file in $(settings); do
  [ -n "$(disabled_lines "$file")" ] || continue
  sed "\\|$switch|s/1[[:space:]]*\$/0/" "$file" >"$scratch/settings"
  replace "$file" <"$scratch/settings"
done
for name in $(switched_off); do
  printf 0 >"/proc/sys/net/ipv6/conf/$name/disable_ipv6" ||
    fail ipv6-refused "IPv6 could not be switched on for $name." "The kernel refused it; a container may not change its host's network." \
      "Ask your provider to switch IPv6 on for this server. Without it mail goes over IPv4."
done
# An address that was configured went when IPv6 was switched off: whoever manages the network is asked to give it again.
if has networkctl && systemctl is-active --quiet systemd-networkd; then
  for link in /sys/class/net/*; do [ "$(basename "$link")" = lo ] || networkctl reconfigure "$(basename "$link")" 2>&1 || :; done
fi
# shellcheck disable=SC2034 # Ten times.
for waited in 1 2 3 4 5 6 7 8 9 10; do
  [ -z "$(global_address)" ] || break
  say "Waiting for an IPv6 address …"
  sleep 1
done
