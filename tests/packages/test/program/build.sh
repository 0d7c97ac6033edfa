mkdir -p /rootfs/usr/bin
cc -O2 -Wall -Werror -static -o /rootfs/usr/bin/program program.c -lz -lbz2 -lmd
/rootfs/usr/bin/program
