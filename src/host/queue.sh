. ./shell/answers.sh
. ./shell/place.sh

# Inputs.
: "${mostItems=}"

locate
queue=$(data_folder)/queue
[ -d "$queue" ] || { field none "" "$queue"; exit 0; }
[ -r "$queue" ] || { field refused "" "$queue"; exit 0; }
# The message itself is left out: it is one field on one line, and may be 50 MB.
count=0
for item in "$queue"/m:*; do
  [ -f "$item" ] || continue
  count=$((count+1))
  [ $count -gt "$mostItems" ] || grep -av '^data:' "$item" 2>/dev/null | emit item "$item"
done
field count "" "$count"
