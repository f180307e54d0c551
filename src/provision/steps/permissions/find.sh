. ../../shell/library.sh

root=$config
line_break='
'

# unreadable: what the daemon's user cannot read of what it must, one path a line. A name with a line break would be two.
unreadable() {
  if ! as_daemon test -r "$root" -a -x "$root"; then printf '%s\n' "$root"; return; fi
  for part in chasquid.conf certs domains hooks; do
    [ -e "$root/$part" ] || continue
    as_daemon find -L "$root/$part" \( -name "*$line_break*" -o -name '.draft.*' \) -prune -o \
      ! -type l \( -type d ! \( -readable -a -executable \) -o ! -type d ! -readable \) -print 2>/dev/null
  done
  # find also fails for what it could not enter; that is what has been asked.
  return 0
}

# A hook that cannot be executed makes chasquid refuse every mail for now.
unhooked() {
  for hook in "$root/hooks/post-data" "$root/hooks/alias-resolve"; do
    [ ! -e "$hook" ] || as_daemon test -x "$hook" || printf '%s\n' "$hook"
  done
}

# exposed: private keys and password files of ours that everyone can read.
exposed() {
  find "$root/certs" "$root/domains" -name "*$line_break*" -prune -o \
    -type f \( -name privkey.pem -o -name 'dkim*.pem' -o -name users \) -perm /o=r -print 2>/dev/null
}

# foreign_link PATH: the link by which PATH leads to where somebody else than root wants; nothing when there is none.
foreign_link() (
  settle "$1" && { [ -d "$real" ] && folder=$real || folder=$(dirname -- "$real"); } && enter || [ $? -ne 3 ] || printf '%s\n' "$link"
)

# ours: of the paths that it reads, those that no such link is in.
ours() { while IFS= read -r path; do [ -n "$(foreign_link "$path")" ] || printf '%s\n' "$path"; done; }

# on PATH COMMAND...: the command with a file or folder as its last argument that nobody can swap meanwhile: the folder, which
# it stands in, or a draft of the file.
on() (
  path=$1
  shift
  if [ -d "$path" ]; then settle "$path" && folder=$real && enter && "$@" .
  else hold "$path" && [ -e draft ] && "$@" draft && place; fi || refuse $?
)
