root=$conf

# unreadable: what the daemon's user cannot read of what it must, one path a line.
unreadable() {
  if ! as_daemon test -r "$root" -a -x "$root"; then printf '%s\n' "$root"; return; fi
  for part in chasquid.conf certs domains hooks; do
    [ -e "$root/$part" ] || continue
    as_daemon find -L "$root/$part" ! -type l \( -type d ! \( -readable -a -executable \) -o ! -type d ! -readable \) -print 2>/dev/null
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
exposed() { find "$root/certs" "$root/domains" -type f \( -name privkey.pem -o -name 'dkim*.pem' -o -name users \) -perm /o=r -print 2>/dev/null; }
