set -e
# The key is kept beside the backup: mail signed with it may still be on its way, and its record in the DNS.
last=$(ls -d "$backups"/[0-9]*-dkim "$backups"/[0-9]*-dkimx* 2>/dev/null | sort | tail -n 1)
if [ -n "$last" ] && [ -f "$last/absent" ]; then
  mkdir -p "$last/retired"
  while IFS= read -r made; do [ ! -e "$made" ] || cp -a "$made" "$last/retired/"; done <"$last/absent"
fi
restore
