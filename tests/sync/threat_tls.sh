#!/bin/sh
# T11: who stands in the line with a certificate that is another's, for another
# host, out of date, with old TLS, or sends us on, is told nothing.
. tests/kit/lab.sh

lab_folder
mkdir -m 700 "$lab/ca"
ca=$lab/ca liar_pid=
lab_more() {
	[ -n "$liar_pid" ] && kill "$liar_pid" 2>/dev/null
}

# authority NAME
authority() {
	must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout "$ca/$1.key" -out "$ca/$1.pem" -subj "/CN=$1" \
	    -days 30
}

# certificate NAME AUTHORITY SAN FROM TO
certificate() {
	rm -rf "$ca/db" && mkdir "$ca/db" && : >"$ca/db/index" &&
	    echo 01 >"$ca/db/serial"
	cat >"$ca/conf" <<-END
	[ca]
	default_ca=x
	[x]
	database=$ca/db/index
	serial=$ca/db/serial
	new_certs_dir=$ca/db
	default_md=sha256
	policy=p
	x509_extensions=e
	[p]
	commonName=supplied
	[e]
	subjectAltName=$3
	END
	must openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$ca/$1.key" -out "$ca/$1.csr" -subj "/CN=$1"
	must openssl ca -batch -notext -config "$ca/conf" -in "$ca/$1.csr" \
	    -out "$ca/$1.pem" -cert "$ca/$2.pem" -keyfile "$ca/$2.key" \
	    -startdate "$4" -enddate "$5"
}

# liar CERTIFICATE [MODE]: starts one; $port
liar() {
	lab_more
	rm -f "$lab/pipe" "$lab/heard"
	: >"$lab/heard"
	mkfifo "$lab/pipe"
	python3 tests/sync/tls_server.py "$ca/$1.pem" "$ca/$1.key" \
	    "$lab/heard" ${2:+"$2"} >"$lab/pipe" 2>>"$lab/server.log" &
	liar_pid=$!
	read -r port <"$lab/pipe"
}

enroll() {
	"$fengqiao" enroll "https://127.0.0.1:$port" --code AAAAAAAAAA \
	    --cacert "$ca/ours.pem" --home "$lab/cache-A"
}

authority ours
authority theirs
long=20200101000000Z ago=20210101000000Z ahead=20480101000000Z
here=IP:127.0.0.1
certificate good ours $here $long $ahead
certificate foreign theirs $here $long $ahead
certificate host ours DNS:elsewhere.example $long $ahead
certificate expired ours $here $long $ago
certificate future ours $here $ahead 20490101000000Z

liar good
enroll >"$lab/out" 2>"$lab/said"
same "T11 with a good one the question gets there" "POST /v1/enroll HTTP/1.1" \
    "$(tail -1 "$lab/heard")"
for bad in foreign host expired future; do
	liar $bad
	says "T11 a certificate that is $bad" 3 enroll
	same "T11 $bad: it was told nothing" "" "$(cat "$lab/heard")"
done
liar good tls11
enroll >"$lab/out" 2>"$lab/said"
same "T11 TLS 1.1 is refused" yes "$([ $? -ne 0 ] && echo yes)"
same "T11 TLS 1.1: it was told nothing" "" "$(cat "$lab/heard")"
# what the environment says: keys into a file, a proxy in between
liar good
SSLKEYLOGFILE=$lab/keys https_proxy=http://127.0.0.1:9 \
    ALL_PROXY=http://127.0.0.1:9 enroll >"$lab/out" 2>"$lab/said"
same "T11 no proxy of the environment is asked" "POST /v1/enroll HTTP/1.1" \
    "$(tail -1 "$lab/heard")"
same "T11 T22 no key of the connection is written anywhere" no \
    "$([ -e "$lab/keys" ] && echo yes || echo no)"
liar good redirect
says "T11 sent on to elsewhere" 1 enroll
same "T11 nobody goes there" "" "$(grep elsewhere "$lab/heard")"
same "T11 there is no way around the check" "" \
    "$("$fengqiao" enroll --help | grep -iE -- '--(insecure|no-check|-k)')"
plan
