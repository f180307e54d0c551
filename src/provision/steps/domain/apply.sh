. ../../shell/library.sh
. ./postmaster.sh

set -e
folder=$config/domains/$domain
if [ ! -d "$folder" ]; then
  mkdir -p "$config/domains"
  make_folder "$folder" "root:$daemonGroup" 750
  say "Made $folder"
fi
target=$(postmaster_target)
if [ -n "$target" ] && ! postmaster_reachable; then
  aliases=$folder/aliases
  # A file that does not end with a line break would swallow the new line.
  # shellcheck disable=SC1003 # The text that sed appends is empty.
  { read_file "$aliases" | sed -e '$a\'; printf 'postmaster: %s\n' "$target"; } >"$scratch/aliases"
  replace "$aliases" "root:$daemonGroup" 640 <"$scratch/aliases"
fi
