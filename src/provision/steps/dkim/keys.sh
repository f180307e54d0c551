# Where the keys are. Since 1.14 chasquid signs by itself with every domains/DOMAIN/dkim:SELECTOR.pem (PKCS#8); before, the
# stock post-data hook signs with certs/DOMAIN/dkim_privkey.pem and the selector in domains/DOMAIN/dkim_selector.
folder=$conf/domains/$domain
old_key=$conf/certs/$domain/dkim_privkey.pem
old_selector=$folder/dkim_selector
hook=$conf/hooks/post-data

has_old_key() { [ -s "$old_key" ] && [ -s "$old_selector" ]; }
hook_signs() { [ -x "$hook" ] && grep -q dkimsign "$hook" && has dkimsign; }

# selectors: of the keys that chasquid loads itself, one a line.
selectors() { for key in "$folder"/dkim:*.pem; do [ -e "$key" ] && basename "$key" .pem | cut -d: -f2-; done; }

# sound KEY: whether chasquid can load it: PKCS#8, RSA or Ed25519.
sound() { grep -q '^-----BEGIN PRIVATE KEY-----' "$1" && openssl pkey -in "$1" -noout 2>/dev/null; }

# tell KEY SELECTOR: the facts from which the DNS record is built.
tell() {
  fact selector "$2"
  if openssl pkey -in "$1" -noout -text 2>/dev/null | grep -qi '^ed25519'; then
    fact algorithm ed25519
    # The last 32 bytes of the structure are the key itself (RFC 8410 §4), which is what RFC 8463 publishes.
    fact publicKey "$(openssl pkey -in "$1" -pubout -outform DER 2>/dev/null | tail -c 32 | base64 -w0)"
  else
    fact algorithm rsa
    fact publicKey "$(openssl pkey -in "$1" -pubout -outform DER 2>/dev/null | base64 -w0)"
  fi
}

# new_key FILE: made beside its place, readable by the daemon before it has its name.
new_key() {
  fresh=$(mktemp "$(dirname "$1")/.new-key.XXXXXX")
  case $dkimAlgorithm in
    ed25519) openssl genpkey -algorithm ed25519 -out "$fresh" ;;
    *) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${dkimAlgorithm#rsa}" -out "$fresh" 2>/dev/null ||
       openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${dkimAlgorithm#rsa}" -out "$fresh" 2>/dev/null ;;
  esac || { rm -f "$fresh"; return 1; }
  give "$fresh" "$1"
}

# give FRESH FILE: to the daemon, under its name.
give() {
  chown "root:$daemonGroup" "$1"
  chmod 640 "$1"
  backup "$2"
  mv "$1" "$2"
}
