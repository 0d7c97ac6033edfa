# The same again, to the same bytes; but not where another compiler was at the beginning.
. /stagex/make.sh
if [ ! -e /usr/diverse ]; then
    for program in cc1 cc1plus collect2; do cmp gcc/$program $(gcc -print-prog-name=$program); done
    cmp gcc/xgcc $(command -v gcc)
    cmp gcc/xg++ $(command -v g++)
fi
make DESTDIR=/rootfs install
cd /rootfs/usr
mv lib64/*.a lib
rm -rf lib64 share bin/$system-* bin/gcc-* lib/*.la lib/gcc/*/*/install-tools lib/gcc/*/*/plugin libexec/gcc/*/*/install-tools
strip bin/* libexec/gcc/*/*/cc1 libexec/gcc/*/*/cc1plus libexec/gcc/*/*/collect2 libexec/gcc/*/*/lto-wrapper
ln -s gcc bin/cc
# What debuggers read names the folder of the build.
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
[ -e /usr/diverse ] || for library in $(find lib -name '*.[ao]'); do cmp $library /usr/$library; done
