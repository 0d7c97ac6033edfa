# With empty flags it would choose -g, and the build's folder would be in the result.
set -- --with-curses CFLAGS=-O2
. /stagex/autotools.sh
