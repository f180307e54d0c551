. ../../shell/library.sh
. ../restore.sh
. ./keys.sh
. ./probe.sh

set -e
# The key is kept with the replaced versions: mail signed with it may still be on its way, and its record in the DNS.
restore
undone
