#!/bin/sh
# Names in UTF-8 come through, of files, directories and sockets.
. "$top_srcdir/tests/programs/lib.sh"

dir='Käse 日本'
mkdir "$dir"
start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|söckel' \
    --dir "$dir" --pidfile 'prozeß'
lines serve.out | grep -x 'listening uds|söckel' >/dev/null ||
    fail "the socket's name is not told as given"
i=0
for name in 'äöü.txt' '日本語' 'Ελληνικά' 'emoji 😀.png' 'café' 'עברית'; do
	i=$((i + 1))
	make_file "$name" $((i * 1000))
	for to in "$address" 'uds|söckel'; do
		send --to "$to" "$name" </dev/null || fail "$name: failed"
		lines send.out | grep "^$name $((i * 1000)) " >/dev/null ||
		    fail "$name: not told"
		cmp "$name" "$dir/$name" || fail "$name: not stored"
		rm "$dir/$name"
	done
done
stop_server
[ -e 'söckel' ] && fail "the socket is left behind"
[ -e 'prozeß' ] && fail "the pid file is left behind"
[ -z "$(ls -A "$dir")" ] || fail "left behind: $(ls -A "$dir")"
exit 0
