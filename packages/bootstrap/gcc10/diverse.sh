# In another system with a gcc, GMP, MPFR and MPC for static programs, and the headers and the library of this version of musl, where
# Debian has them. What comes out needs nothing of that system.
. /stagex/gcc.sh
mkdir -p /tmp/musl/usr
ln -s /usr/include/$system /tmp/musl/usr/include
ln -s /usr/lib/$system /tmp/musl/usr/lib
compile --with-sysroot=/ --with-build-sysroot=/tmp/musl '--with-specs=%{!shared:-static}' \
    CC=gcc CXX=g++ LDFLAGS=-static CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
install_all
touch diverse
