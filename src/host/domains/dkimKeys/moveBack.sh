. ./places.sh

# Inputs.
: "${builtIn=}" "${selector=}" "${former=}"

key=$aside/dkim:$selector.pem
if [ "$builtIn" = yes ]; then
  (settle "$domainFolder" && folder=$real && enter && mv -f -- "./dkim:$selector.pem" "$key" || refuse $?) || exit 1
  # Whoever can write in the domain's folder could have put a link there.
  [ -f "$key" ] && [ ! -L "$key" ] || { rm -rf "$key"; die "$key"; }
elif [ -n "$former" ]; then
  read_file "$hookKey" | openssl pkey -passin pass: -out "$key" || die "$key"
  write_file "$hookKey" "root:$daemonGroup" 640 < "$aside/retired/dkim:$former.pem" || exit 1
  printf '%s\n' "$former" | write_file "$hookSelector" "root:$daemonGroup" 640 || exit 1
else
  read_file "$hookKey" | openssl pkey -passin pass: -out "$key" && rm -f "$hookKey" "$hookSelector" || die "$key"
fi
field done "" ""
