/**
 * Sends `main` to the remote repository, after a look at all of its history. Needs `storeScript` and `snapshotScript`.
 *
 * `inspect COMMIT` writes the paths in its history that may not leave the server to `$work/refused`.
 * `push` answers `pushed`: its name is `ok`, `refused` (and a line `refused` with the paths), `other-history` or `failed`, its text what
 * the other side said.
 */
export const pushScript = String.raw`
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
`;

export const backUpScript = String.raw`
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
`;
