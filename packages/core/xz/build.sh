set -- --disable-doc --disable-scripts
. /stagex/autotools.sh
