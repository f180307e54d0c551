. ./domainFolders.sh

# Inputs.
: "${domain=}"

[ -d "./$domain" ] || { field absent "" "$folder/$domain"; exit 0; }
[ "$(find -L . -mindepth 1 -maxdepth 1 -type d | wc -l)" -gt 1 ] || { field last "" ""; exit 0; }
backup=/var/backups/chasquid-setup/$(date -u +%Y%m%dT%H%M%SZ)-remove-domain.$$
own_folder /var/backups/chasquid-setup && mkdir -p "$backup/files$folder" && mv -T -- "./$domain" "$backup/files$folder/$domain" || refuse 1
field moved "" "$backup"
