#!/bin/sh
# The lookup against its model in Python.   STRINGS=100000 SEED=7 sh tests/lookup/model.sh
set -eu
BUILD=${BUILD:-build/gcc}
exec python3 tests/lookup/model.py "$BUILD/tests/lookup/answer" \
    "${STRINGS:-10000}" "${SEED:-1}"
