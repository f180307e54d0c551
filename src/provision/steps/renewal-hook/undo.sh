set -e
compare
systemctl disable --now $timer 2>/dev/null || :
restore
systemctl daemon-reload
undone
