set -e
restore
sysctl -q --system
undone
