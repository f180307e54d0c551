. ../shell/place.sh
. ../shell/refuse.sh

locate
umask 077
lock_files 30 || refuse $?
settle "$config/domains" && folder=$real && enter || refuse $?
