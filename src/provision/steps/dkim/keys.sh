. ../../shell/library.sh

# Inputs.
: "${domain=}" "${dkimAlgorithm=}"

# Where the keys are. Since 1.14 chasquid signs by itself with every domains/DOMAIN/dkim:SELECTOR.pem (PKCS#8); before, the
# stock post-data hook signs with certs/DOMAIN/dkim_privkey.pem and the selector in domains/DOMAIN/dkim_selector. Its dkimsign
# is that of dkimpy, which reads PKCS#8 from 1.1 on only (Ubuntu 22.04 has 1.0.5), or driusan's, which reads PKCS#1 only.
folder=$config/domains/$domain
old_key=$config/certs/$domain/dkim_privkey.pem
old_selector=$folder/dkim_selector
hook=$config/hooks/post-data

has_old_key() { [ -s "$old_key" ] && [ -s "$old_selector" ] && ! grep -q / "$old_selector"; }
hook_signs() { [ -x "$hook" ] && signed_by by_hook "$old_key" "$(cat "$old_selector")"; }
hook_calls_signer() { [ -x "$hook" ] && grep -q dkimsign "$hook" && has dkimsign; }

# selectors: of the keys that chasquid loads itself, one a line.
selectors() { for key in "$folder"/dkim:*.pem; do [ -e "$key" ] && basename "$key" .pem | cut -d: -f2-; done; }

# pkcs8_rsa KEY: whether it is an RSA key in the form that an older dkimsign cannot read.
pkcs8_rsa() { is_pkcs8 "$1" && openssl rsa -in "$1" -noout 2>/dev/null; }
is_pkcs8() { grep -q '^-----BEGIN PRIVATE KEY-----' "$1"; }

# sound KEY: whether chasquid can load it: PKCS#8, RSA or Ed25519.
sound() { is_pkcs8 "$1" && openssl pkey -in "$1" -noout 2>/dev/null; }

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

# new_key FILE: in the form that what signs with it reads.
new_key() {
  case $dkimAlgorithm in
    ed25519) openssl genpkey -algorithm ed25519 -out "$scratch/key" ;;
    *) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${dkimAlgorithm#rsa}" -out "$scratch/key" 2>/dev/null ||
       openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${dkimAlgorithm#rsa}" -out "$scratch/key" 2>/dev/null ;;
  esac || return 1
  if [ "$1" = "$old_key" ]; then give_as "$1" -traditional; else give_as "$1"; fi <"$scratch/key"
}

# give_as FILE OPTIONS...: the key on standard input, as openssl pkey writes it with OPTIONS (PKCS#8, or PKCS#1 with
# -traditional), for the daemon to read.
give_as() {
  given=$1
  shift
  openssl pkey "$@" -out "$scratch/given" && install_file "$given" "root:$daemonGroup" 640 <"$scratch/given"
}
