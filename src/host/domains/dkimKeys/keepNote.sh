. ./places.sh

# Inputs.
: "${note=}"

own_folder /var/lib/chasquid-setup && mkdir -p "$aside" || die "$aside"
if [ -n "$note" ]; then printf '%s\n' "$note" > "$aside/.note" && mv -f "$aside/.note" "$aside/rotation.json" || die "$aside/rotation.json"
else rm -f "$aside/rotation.json"; rmdir -p "$aside" 2>/dev/null; fi
field done "" ""
