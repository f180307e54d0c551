. ./places.sh

for key in "$aside"/dkim:*.pem; do
  [ -f "$key" ] || continue
  tell "$(basename "$key" .pem | cut -d: -f2-)"
done
if [ -f "$aside/rotation.json" ]; then emit note "" < "$aside/rotation.json"; fi
field done "" ""
