set -e
[ -d "$folder" ] || fail no-domain "There is no folder for $domain yet." "A key belongs to a domain." "Run the step Domain first."

if since 14; then
  for name in $(selectors); do
    key=$folder/dkim:$name.pem
    sound "$key" || { openssl pkcs8 -topk8 -nocrypt -in "$key" -out "$scratch/key"; cp "$scratch/key" "$folder/.new-key"; give "$folder/.new-key" "$key"; }
  done
  [ -z "$(selectors)" ] || exit 0
  if has_old_key; then
    openssl pkcs8 -topk8 -nocrypt -in "$old_key" -out "$folder/.new-key"
    give "$folder/.new-key" "$folder/dkim:$(cat "$old_selector").pem"
    say "Took over the key of selector $(cat "$old_selector")"
    exit 0
  fi
  new_key "$folder/dkim:$selector.pem"
else
  [ -d "$(dirname "$old_key")" ] || install -d -m 750 -o root -g "$daemonGroup" "$(dirname "$old_key")"
  [ -s "$old_key" ] || new_key "$old_key"
  printf '%s\n' "$selector" | replace "$old_selector"
  chown "root:$daemonGroup" "$old_selector"
  chmod 640 "$old_selector"
fi
say "Made a key for $domain, selector $selector"
