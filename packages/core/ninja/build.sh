CXX='c++ -O2' LDFLAGS=-s python3 configure.py --bootstrap
install -D ninja /rootfs/usr/bin/ninja
