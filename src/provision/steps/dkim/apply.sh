. ../../shell/library.sh
. ./keys.sh
. ./probe.sh

# Inputs.
: "${selector=}"

set -e
[ -d "$folder" ] || fail no-domain "There is no folder for $domain yet." "A key belongs to a domain." "Run the step Domain first."

if since 14; then
  for name in $(selectors); do
    key=$folder/dkim:$name.pem
    sound "$key" || read_file "$key" | give_as "$key"
  done
  [ -z "$(selectors)" ] || exit 0
  if has_old_key; then
    read_file "$old_key" | give_as "$folder/dkim:$(cat "$old_selector").pem"
    say "Took over the key of selector $(cat "$old_selector")"
    exit 0
  fi
  new_key "$folder/dkim:$selector.pem"
else
  [ -d "$(dirname "$old_key")" ] || make_folder "$(dirname "$old_key")" "root:$daemonGroup" 750
  if [ ! -s "$old_key" ]; then
    new_key "$old_key"
  elif pkcs8_rsa "$old_key"; then
    read_file "$old_key" | give_as "$old_key" -traditional
    say "Wrote the key of $domain in the format that dkimsign reads (PKCS#1)"
  fi
  ! has_old_key || exit 0
  printf '%s\n' "$selector" | install_file "$old_selector" "root:$daemonGroup" 640
fi
say "Made a key for $domain, selector $selector"
