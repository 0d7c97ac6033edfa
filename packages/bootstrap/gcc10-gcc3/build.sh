# Not optimised: that would take longer than it saves.
# Executables are static, as musl's library here is.
# gcc 3 gives what is in nameless namespaces names with a random number, and the compiler holds the sum of its objects.
. /stagex/gcc.sh
compile '--with-specs=%{!shared:-static}' \
    CC=gcc CXX=g++ CFLAGS=-O0 CXXFLAGS='-O0 -frandom-seed=0' CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
install_least
