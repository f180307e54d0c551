. ../../shell/library.sh

# chasquid from upstream's source counts as well: a server set up by other hands is adopted.

missing=
if ! has chasquid || ! has chasquid-util; then missing="chasquid"; fi
has openssl || missing="$missing openssl"
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
# Up to 1.13 chasquid leaves signing to its post-data hook, which calls dkimsign.
if has chasquid && ! since 14 && ! has dkimsign; then missing="$missing python3-dkim"; fi
missing=${missing# }

if [ -z "$missing" ]; then
  full=$(chasquid -version 2>/dev/null | awk '{ print $2; exit }')
  fact version "$full"
  answer done "chasquid ${full:-of unknown version} is installed"
fi
for name in $missing; do change "+ package $name"; done
answer needed "To install: $missing"
