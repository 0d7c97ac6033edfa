# What it links is hardened without being asked to be; then the programs that its users write, and those that torture it.
{
    . /stagex/programs.sh
    gcc -O2 -o program program.c
    check 'position-independent' sh -c 'readelf -h program | grep -q DYN'
    check 'bound before it starts' sh -c 'readelf -d program | grep -q BIND_NOW && readelf -l program | grep -q GNU_RELRO'
    check 'guarded stack' sh -c 'readelf -s program | grep -q __stack_chk_fail'
    check 'linked with shared libraries' sh -c 'readelf -d program | grep -q "NEEDED.*libc.so"'
    . /stagex/torture.sh
    torture gcc gcc -O2
} > /rootfs/results
