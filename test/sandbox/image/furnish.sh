#!/bin/bash
# furnish.sh ROOT: turns a minimal Debian into one that a provider would hand over, and that runs in a container. A hook of mmdebstrap.
set -euo pipefail
root=$1

# People. `debian` is what cloud images have; `operator` must type a password for sudo; `plain` has no sudo.
chroot "$root" useradd -m -s /bin/bash -u 1000 debian
chroot "$root" useradd -m -s /bin/bash -u 1001 -g operator -G sudo operator
chroot "$root" useradd -m -s /bin/bash -u 1002 plain
chroot "$root" chpasswd <"$HERE/passwords"
echo 'debian ALL=(ALL) NOPASSWD:ALL' >"$root/etc/sudoers.d/90-cloud-init-users"
chmod 440 "$root/etc/sudoers.d/90-cloud-init-users"

# apt knows the local packages only.
rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/apt/sources.list.d/* "$root"/etc/ssh/ssh_host_*
mkdir -p "$root/srv/debs"
echo 'deb [trusted=yes] file:/srv/debs ./' >"$root/etc/apt/sources.list"

rm -f "$root/etc/resolv.conf"
ln -s ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/var/log/journal"
# Needless in a host that lives for minutes, and they take processor time from the boot.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer e2scrub_reap.service; do
  rm -f "$root"/etc/systemd/system/*.wants/$unit
done

# /sys is read-only in a container, and then udevd does not start, without which `netplan apply` fails. It starts all the same, with
# just the host's own network devices writable.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket; do
  mkdir -p "$root/etc/systemd/system/$unit.d"
  printf '[Unit]\nConditionPathIsReadWrite=\n' >"$root/etc/systemd/system/$unit.d/sandbox.conf"
done
install -D -m 755 "$HERE/own-kernel.sh" "$root/usr/lib/sandbox/own-kernel"
install -D -m 644 "$HERE/own-kernel.service" "$root/etc/systemd/system/own-kernel.service"
mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
ln -sf ../own-kernel.service "$root/etc/systemd/system/sysinit.target.wants/own-kernel.service"
