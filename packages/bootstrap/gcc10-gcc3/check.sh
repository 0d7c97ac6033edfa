# The programs that torture the compiler that it was compiled by; then it is installed in its place, and has the same before it, and
# what its users write.
{
    . /stagex/torture.sh
    torture gcc3 gcc -O2
    cp -a /rootfs/usr /
    . /stagex/programs.sh
    torture gcc10 gcc -O0 -O2
} > /rootfs/results
