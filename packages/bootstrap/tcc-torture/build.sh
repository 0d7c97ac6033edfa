mkdir -p /rootfs/usr/share/torture
cp -r gcc/testsuite/gcc.c-torture/execute/* /rootfs/usr/share/torture
