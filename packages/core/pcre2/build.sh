set -- --enable-jit
. /stagex/autotools.sh
