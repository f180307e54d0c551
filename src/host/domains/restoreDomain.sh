. ./domainFolders.sh

# Inputs.
: "${domain=}" "${backup=}"

[ ! -e "./$domain" ] || { field exists "" "$folder/$domain"; exit 0; }
[ -d "$backup/files$folder/$domain" ] || { field absent "" "$backup/files$folder/$domain"; exit 0; }
mv -T -- "$backup/files$folder/$domain" "./$domain" || refuse 1
rmdir -p -- "$backup/files$folder" 2>/dev/null
field moved "" "$folder/$domain"
