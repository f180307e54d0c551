set -e
folder=$(config)/domains/$domain
if [ ! -d "$folder" ]; then
  mkdir -p "$(config)/domains"
  install -d -m 750 -o root -g "$(group)" "$folder"
  say "Made $folder"
fi
target=$(postmaster_target)
if [ -n "$target" ] && ! postmaster_reachable; then
  aliases=$folder/aliases
  existed=; [ ! -e "$aliases" ] || existed=yes
  # A file that does not end with a line break would swallow the new line.
  { cat "$aliases" 2>/dev/null | sed -e '$a\'; printf 'postmaster: %s\n' "$target"; } >"$scratch/aliases"
  replace "$aliases" <"$scratch/aliases"
  [ -n "$existed" ] || { chown "root:$(group)" "$aliases"; chmod 640 "$aliases"; }
fi
