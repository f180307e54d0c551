. ../../shell/library.sh

set -e
wanted=
has chasquid || wanted=chasquid
has openssl || wanted="$wanted openssl"
# shellcheck disable=SC2086 # Names, a word each.
install_packages ca-certificates $wanted
look
if ! since 14 && ! has dkimsign; then install_packages python3-dkim; fi
