. ../../shell/library.sh
. ../restore.sh

set -e
restore
[ ! -s /etc/hostname ] || hostnamectl set-hostname "$(cat /etc/hostname)" 2>/dev/null || hostname "$(cat /etc/hostname)"
undone
