# The same again, to the same bytes; but not where another compiler was at the beginning.
. /stagex/gcc.sh
again() {
    compile '--with-specs=%{!shared:-static}' CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
}
# Another assembler was there as well, and what it made of the libraries would be linked.
if [ -e /usr/diverse ]; then
    (again && make install && mv /usr/lib64/*.a /usr/lib)
    rm -r build
fi
again
if [ ! -e /usr/diverse ]; then
    for program in cc1 cc1plus collect2; do cmp gcc/$program $(gcc -print-prog-name=$program); done
    cmp gcc/xgcc $(command -v gcc)
    cmp gcc/xg++ $(command -v g++)
fi
install_least
[ -e /usr/diverse ] || for library in $(find lib -name '*.[ao]'); do cmp $library /usr/$library; done
