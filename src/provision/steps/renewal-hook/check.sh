. ../../shell/library.sh
. ../certificate/found.sh
. ../certificate/credentials.sh
. ../certificate/acme-sh.sh
. ../certificate/certbot.sh
. ./hook.sh

place=$(certificate_folder) || answer needed "After the certificate"
found=$(manager "$place")
fact client "${found%% *}"
case $found in
  acme.sh\ *)
    name=${found#* }
    acme_sh_hooked "$name" "$place" || change "+ acme.sh, $name: reload command $hook"
    acme_sh_scheduled || change "+ $timer (acme.sh --cron, daily)" ;;
  certbot\ *)
    certbot_hooked "${found#* }" || change "+ /etc/letsencrypt/renewal-hooks/deploy/chasquid"
    certbot_scheduled || change "+ certbot.timer: enabled" ;;
  none)
    problem unmanaged-certificate "No program renews the certificate of $hostname." \
      "It was put into $place by hand; neither acme.sh nor certbot knows it." \
      "Renew it by hand in the next $(days_left "$place/fullchain.pem") days, or move it away and run the step TLS certificate."
    answer impossible "The certificate is renewed by hand" ;;
esac
[ -z "$changes" ] || answer needed "To restart chasquid after each renewal by ${found%% *}"
answer done "${found%% *} renews it and restarts chasquid"
