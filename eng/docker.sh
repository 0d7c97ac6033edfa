# A docker with BuildKit for the tests, in a folder of the user's; sourced by setup.sh.
#
# This Debian's own is too old to be worth testing, and an installed one would start a service. So the next Debian's packages are
# fetched by an apt whose state is private (addresses, proxy and keys are those of the machine) and unpacked, not installed. They run
# with this Debian's C library and runc; the tests start and end the daemon.

docker_suite=trixie
docker_packages=(docker.io docker-cli docker-buildx containerd)
docker_folder=${XDG_CACHE_HOME:-$HOME/.cache}/stagex-tools/docker

setup_docker() {
    [[ ! -e $docker_folder ]] || return 0
    if ! command -v apt-get > /dev/null; then
        echo "error: the tests' docker comes from Debian's packages, and there is no apt-get" >&2
        return 1
    fi
    echo "Unpacking ${docker_packages[*]} of Debian $docker_suite into $docker_folder"
    mkdir -p "${docker_folder%/*}"
    local work status=0
    work=$(mktemp -d "${docker_folder%/*}/.docker.XXXXXX")
    (set -e; unpack_docker "$work") > "$work/log" 2>&1 < /dev/null || status=$?
    if [[ $status -ne 0 ]]; then
        tail -n 20 "$work/log" >&2
        echo "error: could not fetch ${docker_packages[*]}" >&2
    else
        # Two of these at once bring the same; the later one goes.
        mv -T "$work/root" "$docker_folder" 2> /dev/null || [[ -e $docker_folder ]] || status=1
    fi
    rm -rf "$work"
    return $status
}

unpack_docker() {
    local work=$1 archive package
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/root"
    : > "$work/status"
    cat > "$work/docker.sources" <<END
Types: deb
URIs: $archive
Suites: $docker_suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    # The system's hooks belong to the system's state.
    cat > "$work/apt.conf" <<'END'
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
    local options=(
        -c "$work/apt.conf" -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
        -o "Dir::Etc::sourcelist=$work/docker.sources" -o Dir::Etc::sourceparts=/dev/null -o Acquire::Languages=none
        # As root apt would fetch as a user who may not enter a folder of root's.
        -o APT::Sandbox::User=root -o Acquire::Retries=3
    )
    apt-get "${options[@]}" update
    cd "$work/packages"
    apt-get "${options[@]}" download "${docker_packages[@]}"
    for package in *.deb; do
        dpkg-deb -x "$package" "$work/root"
    done
    test -x "$work/root/usr/sbin/dockerd"
    test -x "$work/root/usr/libexec/docker/cli-plugins/docker-buildx"
}

# Starts its daemon with all that it writes in a folder, and tells clients in the environment where it is.
start_docker() {
    local folder=$1
    mkdir -p "$folder/config/cli-plugins"
    ln -s "$docker_folder/usr/libexec/docker/cli-plugins/docker-buildx" "$folder/config/cli-plugins/docker-buildx"
    echo '{}' > "$folder/daemon.json"
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
