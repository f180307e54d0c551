. ../../shell/library.sh
. ../restore.sh
. ../certificate/found.sh
. ../certificate/credentials.sh
. ../certificate/acme-sh.sh
. ../certificate/certbot.sh
. ./hook.sh

set -e
compare
systemctl disable --now $timer 2>/dev/null || :
restore
systemctl daemon-reload
undone
