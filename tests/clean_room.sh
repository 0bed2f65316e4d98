#!/usr/bin/env bash
# Run both README commands on a Debian 12 that has nothing of ours: a fresh debootstrap folder.
#
#   bash tests/clean_room.sh FOLDER [MIRROR]
#
# Needs root, debootstrap and git; takes the committed state of this checkout. PIP_* variables
# are handed on, and the certificate PIP_CERT names, so that a private index works inside too.
# The folder is kept: a second call with it skips the installation of the base system.
set -euo pipefail
cd "$(dirname "$0")/.."
room=$1
desk=/srv/deskcore

if [ ! -x "$room/bin/bash" ]; then
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv \
        bookworm "$room" ${2:+"$2"}
fi
rm -rf "${room:?}$desk"
git clone --quiet . "$room$desk"

mounted=()
mount_into() {
    mkdir -p "$room$1"
    mount "${@:2}" "$room$1"
    mounted=("$room$1" ${mounted[@]+"${mounted[@]}"})
}
desk_job=
leave() {
    [ -z "$desk_job" ] || kill -TERM -- "-$desk_job" 2>/dev/null || true
    wait
    for place in ${mounted[@]+"${mounted[@]}"}; do
        umount "$place"
    done
}
trap leave EXIT
mount_into /proc -t proc proc
mount_into /sys -t sysfs -o ro sysfs
mount_into /dev --bind /dev
mount_into /dev/shm -t tmpfs tmpfs
cp /etc/resolv.conf /etc/hosts "$room/etc/"

inside=(env -i "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root)
inside+=(CI=true)
while IFS='=' read -r name value; do
    inside+=("$name=$value")
done < <(env | grep '^PIP_')
if [ -n "${PIP_CERT:-}" ]; then
    install -D "$PIP_CERT" "$room$PIP_CERT"
fi

# The commands are read from the README, so that what is promised is what is run.
command_under() {
    sed -n "/^## $1\$/,/^## /p" "$room$desk/README.md" |
        sed -n '/^```/,/^```$/p' | sed '/^```/d'
}
run_inside() {
    chroot "$room" "${inside[@]}" bash -c "cd $desk && $1" </dev/null
}

echo "== Run it: $(command_under 'Run it')"
set -m # a process group of its own, so that the whole desk can be ended
run_inside "$(command_under 'Run it')" >"$room/run.log" 2>&1 &
desk_job=$!
set +m
for _ in $(seq 600); do
    if grep -q 'Set-up code' "$room/run.log"; then break; fi
    kill -0 "$desk_job" 2>/dev/null || break
    sleep 1
done
cat "$room/run.log"
address=$(sed -n 's/^ *Address: *//p' "$room/run.log")
chroot "$room" "${inside[@]}" python3 - "$address" <<'PYTHON'
import sys
from urllib.request import urlopen

with urlopen(sys.argv[1], timeout=30) as page:
    text = page.read().decode()
print("the first page:", page.status, page.url)
assert "/setup" in page.url and "<form" in text
PYTHON
kill -TERM -- "-$desk_job"
wait "$desk_job" || true
desk_job=

echo "== Test it: $(command_under 'Test it')"
run_inside "$(command_under 'Test it')"
