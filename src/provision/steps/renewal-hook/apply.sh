. ../../shell/library.sh
. ../certificate/found.sh
. ../certificate/credentials.sh
. ../certificate/acme-sh.sh
. ../certificate/certbot.sh
. ./hook.sh

set -e
place=$(certificate_folder)
found=$(manager "$place")
name=${found#* }
install -d -m 755 "$(dirname "$hook")"
hook_text | install_file "$hook" root:root 755
case $found in
  acme.sh\ *)
    acme_sh_hooked "$name" "$place" || acme_sh_runs "$name" "$hook" "$place"
    if ! acme_sh_scheduled; then
      backup /etc/systemd/system/chasquid-certificates.service /etc/systemd/system/$timer
      cat >/etc/systemd/system/chasquid-certificates.service <<UNIT
[Unit]
Description=Renew the mail server's certificates (acme.sh)
After=network-online.target nss-lookup.target
Wants=network-online.target

[Service]
Type=oneshot
Environment=HOME=/root
ExecStart=$(acme_sh_program) --cron --home $(acme_sh_home)
# 2: nothing was due.
SuccessExitStatus=2
UNIT
      cat >/etc/systemd/system/$timer <<UNIT
[Unit]
Description=Renew the mail server's certificates daily

[Timer]
OnCalendar=daily
RandomizedDelaySec=6h
Persistent=true

[Install]
WantedBy=timers.target
UNIT
      systemctl daemon-reload
      systemctl enable --now $timer
    fi ;;
  certbot\ *)
    if ! certbot_hooked "$name"; then
      install -d -m 755 /etc/letsencrypt/renewal-hooks/deploy
      backup /etc/letsencrypt/renewal-hooks/deploy/chasquid
      ln -sfn "$hook" /etc/letsencrypt/renewal-hooks/deploy/chasquid
    fi
    certbot_scheduled || systemctl enable --now certbot.timer ;;
esac
