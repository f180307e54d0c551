. ../../host/shell/files.sh

# shellcheck disable=SC2034 # logs is for start.sh.
run=/run/chasquid-setup logs=/var/log/chasquid-setup
own_folder "$run" || exit 73
