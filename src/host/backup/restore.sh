# Makes the configuration what it was at the commit $id.
#
# The files are made ready in a folder where only root gets, with owner, mode and access list, and moved into place from
# there. Whoever may write in a folder of the configuration cannot lead that astray: a folder counts only when its physical path is the
# expected one, names are then relative to it, and a move replaces a link instead of following it.
. ./snapshot.sh

# Inputs.
: "${id=}"

git cat-file -e "$id^{commit}" 2>/dev/null && [ -n "$(git branch --format=x --contains "$id" 2>/dev/null)" ] || stop unknown ""
freshHistory=no
# shellcheck disable=SC2174 # The folder around it is there: /etc.
[ -d "$config" ] || mkdir -p -m 755 -- "$config" || stop failed mkdir
snapshot
parent=$(git rev-parse -q --verify refs/heads/main)
keep "Before restoring $(git log -n 1 --format=%h "$id")" || :
device=$(stat -c %d -- "$config") ready=
trap 'rm -rf "$work" "$ready"' EXIT
for room in "$work" "$(dirname -- "$config")" "$config"; do
  [ "$(stat -c %d -- "$room")" = "$device" ] && only_root "$room" || continue
  ready=$(mktemp -d "$room/.restore.XXXXXX") && break
done
[ -n "$ready" ] || stop exposed "$config"
rm -f "$GIT_INDEX_FILE"
git read-tree "$id" && git --work-tree="$ready" checkout-index -a -f || stop failed "git checkout-index"
mkdir -p "$ready/chasquid" && cd "$ready/chasquid" || stop failed cd
sed -n 's|^[^ ]* [^ ]* \(.*/\)$|\1|p' ../permissions | xargs -r -d '\n' mkdir -p --
cut -d ' ' -f 1,2 ../permissions | sort -u > "$work/modes"
while read -r mode owner; do
  mode="$mode" owner="$owner" awk '$1 == ENVIRON["mode"] && $2 == ENVIRON["owner"] { print substr($0, length($1 $2) + 3) }' ../permissions > "$work/those"
  chown -- "$owner" "$work/those" 2>/dev/null || owner=root:$daemonGroup
  xargs -r -d '\n' -a "$work/those" chown -- "$owner"
  xargs -r -d '\n' -a "$work/those" chmod -- "$mode"
done < "$work/modes"
if [ -f ../access-lists ]; then
  command -v setfacl >/dev/null 2>&1 || stop failed "setfacl, of the package acl,"
  setfacl --restore=../access-lists
fi
now=$work/tree
sort "$now/permissions" > "$work/now"
sort "$ready/permissions" > "$work/then"
{
  git diff --name-only -z --no-renames --diff-filter=AMT refs/heads/main "$id" -- chasquid | tr '\0' '\n' | sed 's|^chasquid/||'
  comm -13 "$work/now" "$work/then" | sed -n 's|^[^ ]* [^ ]* \(.*[^/]\)$|\1|p'
  cmp -s "$now/access-lists" ../access-lists || cat "$now/access-lists" ../access-lists 2>/dev/null | sed -n 's/^# file: //p'
} | sort -u > "$work/wanted"
# What is no part of the backup stays as it is, such as a file that now holds a private key.
cut -d ' ' -f 2- "$work/left" > "$work/kept"
grep -vxF -f "$work/kept" "$work/wanted" | while IFS= read -r path; do
  if [ -L "$path" ] || [ -f "$path" ]; then printf '%s\n' "$path"; fi
done > "$work/written"
git diff --name-only -z --no-renames --diff-filter=D refs/heads/main "$id" -- chasquid | tr '\0' '\n' | sed 's|^chasquid/||' > "$work/removed"
folders() { sed -n 's|^[^ ]* [^ ]* \(.*\)/$|\1|p' "$1" | sort; }
folders "$now/permissions" > "$work/folders.now"
folders "$ready/permissions" > "$work/folders.then"
comm -23 "$work/folders.now" "$work/folders.then" | sort -r > "$work/folders.gone"
# pairs: the folder and the name of each path, in two lines.
pairs() { sed 's|^|/|; s|^\(.*\)/\([^/]*\)$|\1\n\2|' "$1" > "$work/pairs"; }
here=none
into() {
  [ "$1" != "$here" ] || return 0
  folder=$config$1 stranger=
  enter && [ "$(stat -c %d .)" = "$device" ] || stop blocked "$folder"
  here=$1
}
# apply VERB: rm or mv for what $work/pairs names, many of a folder at once.
apply() {
  verb=$1; set --
  while IFS= read -r at && IFS= read -r name; do
    if [ "$at" != "$here" ] || [ $# -ge 200 ]; then act "$@"; set --; into "$at"; fi
    if [ "$verb" = rm ]; then set -- "$@" "./$name"
    # A folder that was missing has brought its files along.
    elif [ -e "$ready/chasquid$at/$name" ] || [ -L "$ready/chasquid$at/$name" ]; then set -- "$@" "$ready/chasquid$at/$name"
    fi
  done < "$work/pairs"
  act "$@"
}
act() {
  [ $# -gt 0 ] || return 0
  if [ "$verb" = rm ]; then rm -f -- "$@"; else mv -f -t . -- "$@"; fi || stop failed "$verb"
}
pairs "$work/removed"
apply rm
pairs "$work/folders.gone"
while IFS= read -r at && IFS= read -r name; do into "$at"; rmdir -- "./$name" 2>/dev/null || :; done < "$work/pairs"
pairs "$work/folders.then"
while IFS= read -r at && IFS= read -r name; do
  if [ ! -d "$ready/chasquid$at/$name" ] || [ -d "$config$at/$name" ]; then continue; fi
  into "$at"; mv -T -- "$ready/chasquid$at/$name" "./$name" || stop failed mv
done < "$work/pairs"
pairs "$work/written"
apply mv
cd /
rm -rf "$ready"
sort -u "$work/written" "$work/removed" | emit files ""
if id "$daemonUser" >/dev/null 2>&1; then
  as_daemon sh -c 'cd "$1" || exit; while IFS= read -r path; do
    [ ! -L "$path" ] || continue
    case $path in hooks/post-data | hooks/alias-resolve | hooks/alias-exists) [ -x "$path" ];; *) [ -r "$path" ];; esac || printf "%s\n" "$path"
  done' sh "$config" < "$work/written" | emit unusable ""
fi
snapshot
parent=$(git rev-parse -q --verify refs/heads/main)
keep "Restored $(git log -n 1 --format='%h (%cd)' --date=iso "$id")" || :
tell 1
field done "" ""
