. ../../shell/library.sh
. ../restore.sh
. ./find.sh

set -e
last_backup
record=$last/permissions
: >"$scratch/decided"
replaced=

# put_back MODE OWNER GROUP FILE: unless somebody else has changed it since. A draft of the file, or the folder itself.
put_back() {
  now=$(stat -c '%a %u %g' -- "$4")
  if [ -e "$record-left" ] && ! grep -qxF -e "$now $real" "$record-left"; then
    [ "$now" = "$1 $2 $3" ] || say "$real was changed since; it stays as it is."
    return
  fi
  if has setfacl; then
    # The mask goes as well, unless other users are let in beside the daemon's.
    setfacl -x "u:$daemonUser" -- "$4" 2>/dev/null && setfacl -x m -- "$4" 2>/dev/null || :
    [ ! -d "$4" ] || { setfacl -x "d:u:$daemonUser" -- "$4" 2>/dev/null && setfacl -k -- "$4" 2>/dev/null; } || :
  fi
  # Of a file only what is read, written and executed.
  if [ -d "$4" ]; then mode=$1; else mode=${1#"${1%???}"}; fi
  chown -- "$2:$3" "$4" && chmod -- "$mode" "$4" && printf 'restore\t-\t-\t%s\n' "$real" >>"$scratch/decided"
}

# The first line about a path is how it was at the beginning. What is in a folder comes before the folder.
awk '{ path = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", path) } !seen[path]++' "$record" 2>/dev/null | tac >"$scratch/record"
while read -r mode owner group path; do
  [ ! -e "$path" ] || on "$path" put_back "$mode" "$owner" "$group"
done <"$scratch/record"
undone
