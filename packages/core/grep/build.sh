set -- --disable-perl-regexp
. /stagex/autotools.sh
