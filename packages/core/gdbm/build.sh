set -- --without-readline
. /stagex/autotools.sh
