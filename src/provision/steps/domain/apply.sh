set -e
folder=$conf/domains/$domain
if [ ! -d "$folder" ]; then
  mkdir -p "$conf/domains"
  install -d -m 750 -o root -g "$daemonGroup" "$folder"
  say "Made $folder"
fi
target=$(postmaster_target)
if [ -n "$target" ] && ! postmaster_reachable; then
  aliases=$folder/aliases
  existed=; [ ! -e "$aliases" ] || existed=yes
  # A file that does not end with a line break would swallow the new line.
  { cat "$aliases" 2>/dev/null | sed -e '$a\'; printf 'postmaster: %s\n' "$target"; } >"$scratch/aliases"
  replace "$aliases" <"$scratch/aliases"
  [ -n "$existed" ] || { chown "root:$daemonGroup" "$aliases"; chmod 640 "$aliases"; }
fi
