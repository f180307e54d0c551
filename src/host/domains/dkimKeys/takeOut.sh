. ./places.sh

# Inputs.
: "${selectors=}"

own_folder /var/lib/chasquid-setup && mkdir -p "$aside/retired" || die "$aside/retired"
settle "$domainFolder" && folder=$real && enter || refuse $?
printf '%s\n' "$selectors" | while IFS= read -r name; do
  [ -e "./dkim:$name.pem" ] || continue
  mv -f -- "./dkim:$name.pem" "$aside/retired/" || die "$folder/dkim:$name.pem"
done
field done "" ""
