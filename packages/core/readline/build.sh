set -- --with-curses --with-shared-termcap-library
. /stagex/autotools.sh
