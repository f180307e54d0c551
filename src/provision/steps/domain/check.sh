. ../../shell/library.sh
. ./postmaster.sh

[ -n "$domain" ] || answer needed "No domain has been named yet"
folder=$config/domains/$domain
target=$(postmaster_target)
if [ ! -d "$folder" ]; then
  change "+ $folder/"
  [ -z "$target" ] || change "+ $folder/aliases: postmaster: $target"
  answer needed "To add $domain"
fi
if [ -n "$target" ] && ! postmaster_reachable; then
  change "+ $folder/aliases: postmaster: $target"
  answer needed "Mail to postmaster@$domain reaches nobody yet"
fi
answer done "$domain"
