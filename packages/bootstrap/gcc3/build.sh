# The same again, to the same bytes.
# No headers that are compiled already: they are memory as it was, with its addresses, and some kernels do not allow them at all.
system=x86_64-linux-gnu
# In a folder of the source and not elsewhere: its messages name files as configure was called.
mkdir build
cd build
CC=gcc CFLAGS=-O2 ../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ \
    --disable-shared --disable-threads --disable-multilib --disable-nls --disable-checking --disable-libstdcxx-pch
make -j$(cat /stagex/jobs) CFLAGS=-O2 all-gcc
for program in cc1 cc1plus collect2; do cmp gcc/$program $(gcc -print-prog-name=$program); done
cmp gcc/xgcc $(command -v gcc)
# And the library of C++. Where a name must be like no other gcc rolls dice, unless it is told a number; and libtool takes the
# members of an archive in the order of their folder.
sed -i 's/-print | \$NL2SP/-print | sort | $NL2SP/' ../ltmain.sh
make -j$(cat /stagex/jobs) CFLAGS=-O2 CXXFLAGS='-O2 -frandom-seed=0' all-target-libstdc++-v3
make DESTDIR=/rootfs install-gcc install-target-libstdc++-v3
cd /rootfs/usr
mv lib64/*.a lib
ln -s gcc bin/cc
rm -rf lib64 bin/gccbug bin/gcov bin/$system-* info man share lib/gcc/*/*/libgcov.a
rm -rf lib/gcc/*/*/install-tools libexec/gcc/*/*/install-tools
strip bin/g++ bin/gcc bin/cpp bin/c++ libexec/gcc/*/*/*
# What debuggers read names the folder of the build.
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
