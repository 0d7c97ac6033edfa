. /stagex/torture.sh
torture tcc tcc '' > /rootfs/results
