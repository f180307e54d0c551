. ../shell/answers.sh
. ../shell/place.sh

# Inputs.
: "${path=}" "${largest=}"

locate
cd "$config" 2>/dev/null || cd /
if [ -d "$path" ]; then field folder "" ""
elif [ ! -e "$path" ]; then field absent "" ""
elif [ "$(stat -L -c %s -- "$path")" -gt "$largest" ]; then field large "" ""
elif { command : < "$path"; } 2>/dev/null; then emit file "" < "$path"
else field refused "" "$(id -un)"
fi
