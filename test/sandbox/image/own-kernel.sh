#!/bin/sh
# Network devices become writable under /sys. Kernel settings that are not per network (vm, fs, kernel) are those of the machine which
# runs the tests: they become private files, which can be written and read, have no effect, and are reset by a reboot.
mkdir -p /run/sandbox/sys /run/sandbox/set
mount -t sysfs sysfs /run/sandbox/sys && mount -o remount,rw /run/sandbox/sys &&
  mount --bind /run/sandbox/sys/devices/virtual/net /sys/devices/virtual/net
umount -l /run/sandbox/sys
cd /proc/sys || exit 0
cp -r --parents vm fs/file-max fs/nr_open fs/inotify fs/protected_* fs/suid_dumpable kernel/core_pattern kernel/pid_max kernel/printk \
  kernel/panic kernel/sysrq kernel/dmesg_restrict kernel/kptr_restrict kernel/yama kernel/unprivileged_bpf_disabled \
  kernel/randomize_va_space kernel/perf_event_paranoid /run/sandbox/set 2>/dev/null
cd /run/sandbox/set || exit 0
for setting in vm fs/* kernel/*; do mount --bind "$setting" "/proc/sys/$setting"; done
exit 0
