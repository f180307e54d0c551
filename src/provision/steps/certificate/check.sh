. ../../shell/library.sh
. ./found.sh
. ./credentials.sh
. ./acme-sh.sh
. ./certbot.sh

[ -n "$hostname" ] || answer needed "The server has no name yet"
has openssl || answer needed "After openssl and chasquid are installed"
if place=$(certificate_folder); then
  fact folder "$place"
  fact daysLeft "$(days_left "$place/fullchain.pem")"
  answer done "For $hostname, $(days_left "$place/fullchain.pem") days left"
fi
for candidate in "$config"/certs/*; do
  if matches "$candidate" "$hostname"; then detail="The one for $hostname ends in $(days_left "$candidate/fullchain.pem") days"; fi
done
change "+ $config/certs/$hostname/fullchain.pem"
change "+ $config/certs/$hostname/privkey.pem"
answer needed "${detail:-To ask for one for $hostname ($challenge)}"
