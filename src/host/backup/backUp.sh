. ./snapshot.sh
. ./push.sh

# Inputs.
: "${remote=}" "${message=}"

if [ -n "$remote" ]; then
  [ -f "$key" ] || { mkdir -p /root/.ssh && ssh-keygen -q -t ed25519 -N '' -C "chasquid backup of $host" -f "$key"; } || stop failed ssh-keygen
  if [ "$remote" != "$(git config --get remote.backup.url)" ]; then
    git config remote.backup.url "$remote" && git update-ref -d refs/pushed/main || stop failed "git config"
  fi
fi
snapshot
parent=$(git rev-parse -q --verify refs/heads/main)
[ -n "$parent" ] || freshHistory=no
if [ "$freshHistory" = yes ]; then
  # What the remote repository has stays the beginning, unless that is what may not leave the server.
  git update-ref "refs/heads/until-$(date -u +%Y%m%dT%H%M%SZ)" "$parent"
  if parent=$(git rev-parse -q --verify refs/pushed/main); then
    inspect "$parent"
    [ ! -s "$work/refused" ] || parent=
  fi
fi
if keep "$message"; then field changed "" ""; fi
emit left "" < "$work/left"
tell 1
# Others may go on with the files while this is on its way.
flock -u 9
push
git gc --auto -q
field done "" ""
