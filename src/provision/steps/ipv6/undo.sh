. ../../shell/library.sh
. ../restore.sh
. ./look.sh

set -e
restore
sysctl -q --system
undone
