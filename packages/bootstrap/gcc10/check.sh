{
    . /stagex/programs.sh
    . /stagex/torture.sh
    torture gcc10 gcc -O0 -O1 -O2 -O3 -Os
} > /rootfs/results
