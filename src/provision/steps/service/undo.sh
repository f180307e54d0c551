. ../../shell/library.sh
. ../restore.sh
. ./look.sh

systemctl disable --now chasquid.service
for socket in $(systemctl list-unit-files --no-legend 'chasquid*.socket' | awk '{ print $1 }'); do systemctl stop "$socket"; done
