. ./places.sh

# Inputs.
: "${builtIn=}" "${selector=}"

key=$aside/dkim:$selector.pem
place=$domainFolder/dkim:$selector.pem
[ "$builtIn" = yes ] || place=$hookKey
if [ ! -s "$key" ]; then
  if [ "$builtIn" = yes ] && [ -s "$place" ]; then field done "" ""; exit 0; fi
  field nokey "" "$key"; exit 0
fi
if [ "$builtIn" != yes ] && [ -s "$hookKey" ] && [ -s "$hookSelector" ]; then
  mkdir -p "$aside/retired" && read_file "$hookKey" > "$aside/retired/dkim:$(cat "$hookSelector").pem" || die "$aside/retired"
fi
if [ "$builtIn" = yes ]; then set --; else set -- -traditional; fi
form=$(openssl pkey -in "$key" -passin pass: "$@") || die "$key"
printf '%s\n' "$form" | write_file "$place" "root:$daemonGroup" 640 || exit 1
[ "$builtIn" = yes ] || printf '%s\n' "$selector" | write_file "$hookSelector" "root:$daemonGroup" 640 || exit 1
rm -f "$key"
field done "" ""
