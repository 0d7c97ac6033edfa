# Here a slow compiler makes one that is not.
. /stagex/gcc.sh
compile '--with-specs=%{!shared:-static}' CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
install_all
