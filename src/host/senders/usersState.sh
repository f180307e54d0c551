. ../shell/answers.sh
. ../shell/place.sh

# Inputs.
: "${ascii=}" "${unicode=}"

locate
field config "" "$config"
field daemon "" "$daemonUser"
field version "" "$(chasquid -version 2>/dev/null)"
cd "$config" 2>/dev/null || { field lost "" ""; exit 0; }
found=
for name in "$ascii" "$unicode"; do [ -d "domains/$name" ] && found=$name && break; done
if [ -z "$found" ]; then
  # chasquid takes folders in upper case too.
  for folder in domains/*/; do
    name=$(basename "$folder"); [ "$(printf %s "$name" | tr '[:upper:]' '[:lower:]')" = "$ascii" ] && found=$name && break
  done
fi
if [ -z "$found" ]; then find -L domains -mindepth 1 -maxdepth 1 -type d -print0 2>/dev/null | emit domains ""; exit 0; fi
file=domains/$found/users
field path "" "$file"
[ -e "$file" ] || exit 0
{ command : < "$file"; } 2>/dev/null || { field refused "" "$(id -un)"; exit 0; }
emit users "" < "$file"
id "$daemonUser" >/dev/null 2>&1 || exit 0
as_daemon sh -c '{ command : < "$1"; } 2>/dev/null' sh "$config/$file" || field unreadable "" ""
