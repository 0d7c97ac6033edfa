# The same again, to the same bytes; but not where another compiler was at the beginning.
. /stagex/gcc.sh
compile '--with-specs=%{!shared:-static}' CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
if [ ! -e /usr/diverse ]; then
    for program in cc1 cc1plus collect2; do cmp gcc/$program $(gcc -print-prog-name=$program); done
    cmp gcc/xgcc $(command -v gcc)
    cmp gcc/xg++ $(command -v g++)
fi
install_least
[ -e /usr/diverse ] || for library in $(find lib -name '*.[ao]'); do cmp $library /usr/$library; done
