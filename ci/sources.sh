# Debian's source packages, fetched without touching the system's own apt
# configuration.  Sourced by bootstrap and ci/deps.sh.

# archive_line: print "URI CODENAME" of the archive this machine installs
# from; it has the sources too.
archive_line()
{
	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
	    'Identifier: Packages' 2>/dev/null |
	    awk '$2 !~ /-/ && ($3 == "main" || $3 == "universe") {
		print $1, $2; exit }'
}

# debian_mirror: print the URI of a Debian archive: this machine's own when
# it is a Debian machine.
debian_mirror()
{
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' \
	    'Identifier: Packages' 2>/dev/null |
	    awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
	printf '%s\n' "${mirror:-http://deb.debian.org/debian}"
}

# fetch_sources NAME...: leave the unpacked source of each package in
# $cache/src/NAME.
fetch_sources()
{
	mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial" \
	    "$cache/src"
	set -- $(missing_sources "$@")
	[ $# -gt 0 ] || return 0

	line=$(archive_line)
	[ -n "$line" ] || die "apt knows no archive; run apt-get update first"
	say "fetching Debian's source of $* from ${line% *}"
	printf 'deb-src %s main universe\n' "$line" >"$cache/apt/sources.list"
	case $line in
	*ubuntu*) ;;
	*) sed -i 's/ universe$//' "$cache/apt/sources.list" ;;
	esac
	quietly "$cache/log/sources" fetch_with_apt "$@" || return 1
	for name; do
		unpack_source "$name" || return 1
	done
}

missing_sources()
{
	for name; do
		[ -f "$cache/src/$name/.unpacked" ] || printf '%s\n' "$name"
	done
}

fetch_with_apt()
{
	private="-o Dir::Etc::SourceList=$cache/apt/sources.list
	    -o Dir::Etc::SourceParts=/dev/null
	    -o Dir::State::Lists=$cache/apt/lists
	    -o Dir::Cache=$cache/apt -o APT::Sandbox::User="
	apt-get $private -q update &&
	    (cd "$cache/src" && apt-get $private -q source --download-only "$@")
}

unpack_source()
{
	rm -rf "$cache/src/$1"
	dsc=$(ls "$cache/src/$1"_*.dsc | tail -n 1)
	quietly "$cache/log/unpack-$1" \
	    dpkg-source --no-copy -x "$dsc" "$cache/src/$1" || return 1
	basename "$dsc" .dsc >"$cache/src/$1/.unpacked"
}
