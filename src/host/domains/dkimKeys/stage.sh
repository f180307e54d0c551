. ./places.sh

# Inputs.
: "${algorithm=}" "${selector=}"

own_folder /var/lib/chasquid-setup && mkdir -p "$aside" || die "$aside"
key=$aside/dkim:$selector.pem
if [ ! -s "$key" ]; then
  if [ "$algorithm" = ed25519 ]; then set -- -algorithm ed25519; else set -- -algorithm RSA -pkeyopt rsa_keygen_bits:2048; fi
  openssl genpkey "$@" -out "$aside/.new" 2>/dev/null && mv -f "$aside/.new" "$key" || { rm -f "$aside/.new"; die "$key"; }
fi
tell "$selector"
field done "" ""
