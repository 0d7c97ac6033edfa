set -- --disable-multi-os-directory --disable-exec-static-tramp
. /stagex/autotools.sh
