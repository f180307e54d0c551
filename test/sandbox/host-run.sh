#!/bin/bash
# host-run.sh NAME ROOT DEBS FOLDER SIZE BRIDGE LINK KEEP CGROUP...
#
# Runs one host until it powers off: a private mount namespace with a small disk in memory over the read-only ROOT (folders, the upper one
# first, with colons between), a network namespace on BRIDGE, systemd-nspawn in it. FOLDER/seed holds the files which make it this host.
# When this script ends, nothing of it is left; except, where a folder KEEP is named, the disk of a host that was shut down in order.
set -euo pipefail
name=$1 root=$2 debs=$3 folder=$4 size=$5 bridge=$6 link=$7 keep=$8
shift 8
for group; do echo $$ >"$group/cgroup.procs"; done

mkdir -p "$folder/disk"
mount -t tmpfs -o "size=$size,mode=755" "host-$name" "$folder/disk"
cd "$folder/disk"
mkdir upper work system
cp -a "$folder/seed/." upper/
mount -t overlay -o "lowerdir=$root,upperdir=upper,workdir=work" "host-$name" system
# nspawn and `ip netns` keep their own files in /run.
mount -t tmpfs -o mode=755 run /run
mkdir /run/systemd

# No systemd outside: no machine registration and no scope unit. Version 2 control groups inside, whatever this machine has.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
while :; do
  ip link del "$link" 2>/dev/null || true
  ip netns del host 2>/dev/null || true
  ip netns add host
  # No duplicate address detection: a host is reachable at once, also by IPv6.
  ip netns exec host sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0
  ip link add "$link" type veth peer name eth0 netns host
  ip link set "$link" master "$bridge" up
  # Never CAP_SYS_TIME: setting a time zone inside would move the clock of the whole machine.
  status=0
  systemd-nspawn --quiet --directory=system --machine="$name" --register=no --keep-unit --console=pipe \
    --capability=CAP_NET_ADMIN --drop-capability=CAP_SYS_TIME --network-namespace-path=/run/netns/host \
    --resolv-conf=off --timezone=off --bind-ro="$debs:/srv/debs" --boot || status=$?
  # 133 is a reboot; a machine would get a fresh kernel then, this one gets a fresh network.
  [ $status = 133 ] || break
done
[ -n "$keep" ] && [ $status = 0 ] || exit $status

# The disk becomes a layer under the disks of other hosts: without the files which make it this host, its logs and leftovers. Names that
# were removed are marked by devices and attributes of overlayfs, so a copy without them is no copy.
umount system
(cd "$folder/seed" && find . ! -type d -print0) | (cd upper && xargs -0 rm -f)
find upper/var/log ! -type d -delete
rm -rf upper/var/log/journal/* upper/var/tmp/*
cp -a --preserve=xattr upper "$keep"
