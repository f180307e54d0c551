. ../../shell/library.sh

# Inputs.
: "${sender=}" "${senderPassword=}"

users=$config/domains/${sender#*@}/users
known() { sed -n 's/.*key:[[:space:]]*"\([^"]*\)".*/\1/p' "$users" 2>/dev/null | grep -Fxq -- "${sender%@*}"; }

# util SUBCOMMAND [CONFIGURATION]: chasquid-util reads a password from a terminal only, twice. It gets one whose echo is off;
# the password comes through a pipe of the shell itself and is in no argument list. What the terminal showed is thrown away.
util() {
  printf '%s\n%s\n' "$senderPassword" "$senderPassword" |
    what=$1 who=$sender where=${2:-$config} script -q -e -E never -c 'chasquid-util -C="$where" "$what" "$who"' /dev/null >/dev/null 2>&1
}
