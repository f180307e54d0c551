# What decides where mail goes: the configuration, aliases, users, and whether there are hooks. No keys.
. ../shell/answers.sh
. ../shell/place.sh

locate
cd "$config" 2>/dev/null || { field missing "" "$config"; exit 0; }
field config "" "$config"
find -L domains -mindepth 1 -maxdepth 1 -type d -print0 2>/dev/null | emit domains ""
{
  [ ! -f chasquid.conf ] || printf 'chasquid.conf\0'
  find -L domains -mindepth 2 -maxdepth 2 \( -name aliases -o -name users \) -type f -print0
  find -L hooks -mindepth 1 -maxdepth 1 -type f -print0
} 2>/dev/null | tar --null --no-recursion --dereference --hard-dereference -T - -cf - | gzip -c | emit files ""
