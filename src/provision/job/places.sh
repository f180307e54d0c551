. ../../host/shell/files.sh

run=/run/chasquid-setup logs=/var/log/chasquid-setup
own_folder "$run" || exit 73
