# scratch: a private folder that goes when the script ends; in memory, so that there is room on a full disk too.
# shellcheck disable=SC2034 # For all that need this file.
scratch=$(mktemp -d /run/chasquid-setup-XXXXXX)
trap leave EXIT
# A cut connection or an end from outside still clears up.
trap 'exit 143' TERM HUP INT PIPE
