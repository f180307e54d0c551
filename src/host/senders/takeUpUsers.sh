# Inputs.
: "${how=}"

systemctl is-active --quiet chasquid.service || exit 0
if [ "$how" = reload ]; then systemctl kill -s HUP --kill-who=main chasquid.service; else systemctl restart chasquid.service; fi &&
  printf '{"did":"%s"}\n' "$how" >&3
