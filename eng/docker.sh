# A docker with BuildKit for the tests; sourced by setup.sh.
#
# This Debian's own is too old to be worth testing, and an installed one would start a service. The next one's runs with this
# Debian's C library and runc; the tests start and end the daemon.

docker_folder=$unpacked_folder/docker

setup_docker() {
    unpack docker trixie docker.io docker-cli docker-buildx containerd
}

# Starts its daemon with all that it writes in a folder, and tells clients in the environment where it is.
start_docker() {
    local folder=$1
    mkdir -p "$folder/config/cli-plugins"
    ln -s "$docker_folder/usr/libexec/docker/cli-plugins/docker-buildx" "$folder/config/cli-plugins/docker-buildx"
    # Another engine that is told of this folder asks for the client's file.
    echo '{}' | tee "$folder/daemon.json" > "$folder/config/config.json"
    export PATH=$docker_folder/usr/bin:$PATH DOCKER_HOST=unix://$folder/socket DOCKER_CONFIG=$folder/config
    : > "$folder/log"
    setpriv --pdeathsig KILL -- unshare --mount --pid --ipc --uts --fork --kill-child --mount-proc sh -ec '
        # The unified hierarchy, as everywhere by now: the machine may be older.
        mount -t cgroup2 none /sys/fs/cgroup
        PATH=$1/usr/sbin:$PATH:/usr/sbin:/sbin exec dockerd --iptables=false --ip6tables=false --bridge=none --host "unix://$2/socket" \
            --data-root "$2/data" --exec-root "$2/exec" --pidfile "$2/pid" --config-file "$2/daemon.json"
        ' sh "$docker_folder" "$folder" > "$folder/log" 2>&1 < /dev/null &
    docker_process=$!
    grep -q -m 1 "API listen on" < <(tail -f --pid "$docker_process" -n +1 "$folder/log") || {
        tail -n 20 "$folder/log" >&2
        echo "error: the docker daemon did not start" >&2
        return 1
    }
}

stop_docker() {
    # The first process of its namespace, with which all others end; the one that started it waits for that.
    local first
    read -r first < "/proc/$docker_process/task/$docker_process/children" && kill "$first" && wait "$docker_process" || true
}
