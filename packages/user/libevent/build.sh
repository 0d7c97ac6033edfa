set -- --disable-openssl
. /stagex/autotools.sh
