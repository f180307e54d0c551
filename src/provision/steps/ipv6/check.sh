. ../../shell/library.sh
. ./look.sh

if [ ! -d /proc/sys/net/ipv6/conf ]; then
  problem ipv6-not-in-kernel "This server's kernel runs without IPv6." \
    "It was started with ipv6.disable=1, or has no IPv6 at all; nothing changes that while it runs." \
    "Remove ipv6.disable=1 from GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub, restart the server, then try again. Without IPv6 mail goes over IPv4."
  answer impossible "The kernel runs without IPv6"
fi
for file in $(settings); do
  lines=$(disabled_lines "$file")
  [ -n "$lines" ] || continue
  off=yes
  while IFS= read -r line; do
    change "- $file: $line"
    change "+ $file: $(printf '%s' "$line" | sed 's/1[[:space:]]*$/0/')"
  done <<END
$lines
END
done
for name in $(switched_off); do
  off=yes
  change "+ net.ipv6.conf.$name.disable_ipv6 = 0, in the running system"
done
address=$(global_address)
fact ipv6 "$address"
[ -z "$off" ] || answer needed "IPv6 is switched off on this server"
[ -z "$address" ] || answer done "$address"
problem ipv6-no-address "The server has no public IPv6 address." \
  "IPv6 is switched on, but neither the provider's router nor the configuration of the network gives an address." \
  "Enter the address and the gateway that your provider's page shows into the configuration of the network (/etc/netplan/*.yaml on Ubuntu, /etc/network/interfaces on Debian), then try again. Without it mail goes over IPv4."
answer impossible "No public IPv6 address; mail goes over IPv4"
