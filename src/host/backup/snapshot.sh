# Copies what a backup may hold out of chasquid's folder, and keeps it as a commit.
#
# snapshot fills $work/tree, the tree of a commit, and writes $work/left: what stayed out, as REASON PATH. It holds the
# lock of chasquid's files from then on. tar goes from folder to folder by descriptor and follows no link, so that nobody who
# may write in there can have another file read; all the rest works on the copy, where only root gets.
# keep MESSAGE commits that tree on top of $parent; 1 where main has it already.
. ./store.sh

# Input.
: "${freshHistory=}"

leave() { sed "s|^\./||; s|^chasquid/||; s|^|$1 |" >> "$work/left"; }
# drop REASON: takes the files or folders that standard input names out of the copy.
drop() {
  cat > "$work/dropped"
  xargs -r -d '\n' -a "$work/dropped" rm -rf --
  leave "$1" < "$work/dropped"
}
# matching PATTERN: the files of the copy which hold it.
matching() {
  grep -rlaP -e "$1" chasquid
  [ $? -le 1 ] || stop failed grep
}
snapshot() {
  rm -rf "$work/tree" && mkdir -p "$work/tree/chasquid" && : > "$work/left" || stop failed mkdir
  lock_files 60 || stop locked ""
  folder=$config stranger=
  enter || stop missing "$config"
  find . -mindepth 1 -maxdepth 1 ! -name chasquid.conf ! -name README ! -name README.md ! -name certs ! -name domains \
    ! -name hooks ! -iname '.git*' -print0 | tr '\001-\037\177' '?' | tr '\0' '\n' | leave other
  set --
  for part in chasquid.conf README README.md certs domains hooks; do
    if [ -e "$part" ] || [ -L "$part" ]; then set -- "$@" "$part"; fi
  done
  if [ $# = 0 ]; then
    [ "$absent" = ok ] || stop nothing "$config"
    : > "$work/tree/permissions"
    return
  fi
  find "$@" \( -iname .git -o -iname .gitmodules -o -name '.draft.*' -o -name '.new-key*' \) -prune \
    -o \( -name '*[[:cntrl:]]*' -o -type l -lname '*[[:cntrl:]]*' \) -fprint0 "$work/name" -prune \
    -o -type f \( -name '*privkey*' -o -name 'dkim:*.pem' -o -name '*.key' -o -name key.pem \) -fprint0 "$work/key-name" \
    -o -type f -size +16M -fprint0 "$work/large" -o ! -type f ! -type d ! -type l -fprint0 "$work/special"
  for reason in name key-name large special; do tr '\001-\037\177' '?' < "$work/$reason" | tr '\0' '\n' | leave $reason; done
  cat "$work/key-name" "$work/large" "$work/special" | tr '\0' '\n' > "$work/exclude"
  {
    tar --create --acls --hard-dereference --ignore-case --exclude=.git --exclude=.gitmodules --no-ignore-case --exclude='.draft.*' \
      --exclude='.new-key*' --exclude='*[[:cntrl:]]*' --anchored --no-wildcards --exclude-from="$work/exclude" -f - -- "$@"
    [ $? -gt 1 ] || : > "$work/packed"
  } | tar --extract --acls --preserve-permissions --same-owner -f - -C "$work/tree/chasquid" && [ -f "$work/packed" ] || stop failed tar
  cd "$work/tree" || stop failed cd
  # A race, or a link that another name came in by.
  find chasquid \( -name '*[[:cntrl:]]*' -o -type l -lname '*[[:cntrl:]]*' -o ! -type f ! -type d ! -type l \) -prune -exec rm -rf {} +
  matching "$keyPattern" > "$work/found"; drop key < "$work/found"
  matching "$binaryPattern" > "$work/found"; drop binary < "$work/found"
  find chasquid -printf '%p\t%l\n' | grep -aP -e "$keyPattern" | cut -f 1 | drop name
  [ -n "$(find chasquid ! -type d -print -quit)" ] || [ "$absent" = ok ] || stop nothing "$config"
  cd chasquid || stop failed cd
  find . -mindepth 1 \( -type d -printf '%m %u:%g %P/\n' -o -type f -printf '%m %u:%g %P\n' \) | sort -k 3 > ../permissions
  # shellcheck disable=SC2010 # The modes are looked at, not the names.
  if command -v getfacl >/dev/null 2>&1; then getfacl -R -P -s . > ../access-lists
  elif ls -lR | grep -q '^[-d].\{9\}+'; then echo access-lists . >> "$work/left"
  fi
  [ -s ../access-lists ] || rm -f ../access-lists
  cd /
}
keep() {
  rm -f "$GIT_INDEX_FILE"
  git --work-tree="$work/tree" add -A -f . && tree=$(git write-tree) || stop failed "git add"
  [ "$tree" != "$(git rev-parse -q --verify 'refs/heads/main^{tree}')" ] || [ "$freshHistory" = yes ] || return 1
  set -- "$1" "$tree"
  [ -z "$parent" ] || set -- "$1" "$2" -p "$parent"
  message=$1; shift
  commit=$(printf %s "$message" | git commit-tree "$@") && git update-ref refs/heads/main "$commit" || stop failed "git commit"
}
