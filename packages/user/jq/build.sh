# Its regular expressions are those of Oniguruma, which it brings.
set -- --disable-docs --disable-maintainer-mode --with-oniguruma=builtin
. /stagex/autotools.sh
