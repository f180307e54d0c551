. ../../shell/library.sh
. ./keys.sh
. ./probe.sh

# Inputs.
: "${selector=}"

[ -n "$domain" ] || answer needed "No domain has been named yet"
has chasquid || answer needed "After chasquid and the domain"

if since 14; then
  found=$(selectors | tr '\n' ' ')
  found=${found% }
  for name in $found; do
    if ! sound "$folder/dkim:$name.pem"; then
      change "- $folder/dkim:$name.pem (a form that chasquid cannot load)"
      change "+ $folder/dkim:$name.pem (the same key as PKCS#8)"
      answer needed "The key $name is in a format that stops chasquid"
    fi
  done
  if [ -n "$found" ]; then
    tell "$folder/dkim:${found%% *}.pem" "${found%% *}"
    for name in $found; do
      after_permissions "$name" "$folder/dkim:$name.pem"
      signed_by by_chasquid "$folder/dkim:$name.pem" "$name" || unsigned "$folder/dkim:$name.pem" "$name"
    done
    answer done "Signs with $found"
  fi
  if has_old_key; then
    if hook_signs; then
      tell "$old_key" "$(cat "$old_selector")"
      answer done "The post-data hook signs with $(cat "$old_selector")"
    fi
    change "+ $folder/dkim:$(cat "$old_selector").pem (the key of the former hook, so that the published record stays valid)"
    answer needed "The former key is to be taken over"
  fi
  change "+ $folder/dkim:$selector.pem ($dkimAlgorithm)"
  answer needed "To make a key, selector $selector"
fi

if has_old_key; then
  name=$(cat "$old_selector")
  tell "$old_key" "$name"
  after_permissions "$name" "$old_key" "$old_selector" "$hook"
  ! hook_signs || answer done "The post-data hook signs with $name"
  if ! hook_calls_signer; then
    problem no-signing-hook "There is a DKIM key, but nothing signs with it." \
      "chasquid $version signs in its hook $hook, which is missing, not executable, or does not call dkimsign." \
      "Restore the package's own hook: apt-get install --reinstall -o Dpkg::Options::=--force-confmiss chasquid"
    answer impossible "Nothing signs with the key that is there"
  fi
  if pkcs8_rsa "$old_key"; then
    change "- $old_key (PKCS#8, which dkimsign cannot read here)"
    change "+ $old_key (the same key as PKCS#1, so that the published record stays valid)"
    answer needed "Mail is not signed: dkimsign cannot read the format of the key"
  fi
  unsigned "$old_key" "$name"
fi
if [ "$dkimAlgorithm" = ed25519 ]; then
  problem ed25519-too-early "chasquid $version cannot sign with Ed25519." "Its signing hook supports only RSA keys; Ed25519 came with 1.14." "Choose rsa2048."
  answer impossible "Ed25519 needs chasquid 1.14"
fi
[ -s "$old_key" ] || change "+ $old_key ($dkimAlgorithm)"
change "+ $old_selector: $selector"
answer needed "To make a key, selector $selector"
