set -- --disable-jit
. /stagex/autotools.sh
