. ../../shell/library.sh

# Inputs.
: "${domain=}" "${postmaster=}" "${sender=}"

# target: who gets the mail to postmaster; nothing when there is nobody, or when postmaster is a sender itself (an alias to
# itself would be a loop).
postmaster_target() {
  wanted=${postmaster:-$sender}
  case $wanted in
    '') ;;
    postmaster@"$domain") ;;
    *@"$domain") echo "${wanted%@*}" ;;
    *) echo "$wanted" ;;
  esac
}

# Whether mail to postmaster is taken already: by an alias, a catch-all, or a sender of that name.
postmaster_reachable() {
  grep -qi '^[[:space:]]*\(postmaster\|\*\)[[:space:]]*:' "$folder/aliases" 2>/dev/null ||
    grep -q 'key:[[:space:]]*"postmaster"' "$folder/users" 2>/dev/null
}
