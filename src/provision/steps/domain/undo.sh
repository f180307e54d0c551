. ../../shell/library.sh
. ../restore.sh
. ./postmaster.sh

set -e
folder=$config/domains/$domain
# A domain with senders or keys is somebody's mail: only what this step made is undone.
for kept in "$folder"/users "$folder"/dkim*; do
  [ ! -e "$kept" ] || fail domain-in-use "$domain still has senders or keys." "They are in $folder." "Remove the senders first, and move the keys away if the domain is really given up."
done
restore
rmdir "$folder" 2>/dev/null || :
undone
