# Sends main to the remote repository, after a look at all of its history.
#
# inspect COMMIT writes the paths in its history that may not leave the server to $work/refused.
# push answers pushed: its name is ok, refused (and a line refused with the paths), other-history or failed, its text what
# the other side said.
. ./store.sh

inspect() {
  git rev-list --objects "$1" > "$work/objects" &&
    cut -d ' ' -f 1 "$work/objects" | git cat-file --batch-check='%(objecttype) %(objectname)' | sed -n 's/^blob //p' > "$work/blobs" ||
    stop failed "git rev-list"
  sed -n 's/^[0-9a-f]* //p' "$work/objects" |
    grep -avE '^(|permissions|access-lists|chasquid(/(chasquid\.conf|README|README\.md|(certs|domains|hooks)(/.*)?))?)$' > "$work/refused"
  rm -f "$work/read"
  { git cat-file --batch < "$work/blobs" && : > "$work/read"; } | grep -caP -e "$keyPattern|$binaryPattern" > "$work/count"
  [ $? -le 1 ] && [ -f "$work/read" ] || stop failed "git cat-file"
  [ "$(cat "$work/count")" != 0 ] || return 0
  while read -r blob; do
    if git cat-file blob "$blob" | grep -qaP -e "$keyPattern|$binaryPattern"; then sed -n "s/^$blob //p" "$work/objects"; fi
  done < "$work/blobs" >> "$work/refused"
}
push() {
  remote=$(git config --get remote.backup.url) || return 0
  tip=$(git rev-parse refs/heads/main) || stop failed "git rev-parse"
  inspect "$tip"
  if [ -s "$work/refused" ]; then
    sort -u "$work/refused" | head -n 100 | sed 's|^chasquid/||' | emit refused ""
    field pushed refused ""
    return
  fi
  # A first contact is trusted once and remembered; a changed key is refused.
  export GIT_SSH_COMMAND="ssh -i $key -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=15 -o StrictHostKeyChecking=accept-new"
  said=$({ timeout 90 git push -q -- "$remote" "$tip:refs/heads/main" 2>&1; echo $? > "$work/status"; } | tail -c 2000 | tr '\0' ' ')
  state=failed
  case $said in *'[rejected]'*) state=other-history;; esac
  if [ "$(cat "$work/status")" = 0 ]; then git update-ref refs/pushed/main "$tip"; state=ok; fi
  field pushed "$state" "$said"
}
