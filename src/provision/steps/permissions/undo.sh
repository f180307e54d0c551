set -e
last=$(ls -d "$backups"/[0-9]*-permissions "$backups"/[0-9]*-permissionsx* 2>/dev/null | sort | tail -n 1)
[ -n "$last" ] || fail nothing-to-undo "There is nothing to undo." "This step has changed no permission on this server yet." "Nothing needs to be done."
# The first line about a path is how it was at the beginning.
tac "$last/permissions" | while read -r mode owner group path; do
  [ -e "$path" ] || continue
  if has setfacl; then
    # The mask goes as well, unless other users are let in beside the daemon's.
    setfacl -x "u:$daemonUser" -- "$path" 2>/dev/null && setfacl -x m -- "$path" 2>/dev/null || :
    [ ! -d "$path" ] || { setfacl -x "d:u:$daemonUser" -- "$path" 2>/dev/null && setfacl -k -- "$path" 2>/dev/null; } || :
  fi
  chown -- "$owner:$group" "$path"
  chmod -- "$mode" "$path"
done
mv "$last" "$backups/undone-$(basename "$last")"
