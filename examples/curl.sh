#!/bin/sh
# The sandbox from any language: plain HTTP and JSON, here with curl.
#
#   coinbtr sandbox --token my-sandbox-token
#   COINBTR_BASE_URL=http://127.0.0.1:8642/api/v1 COINBTR_TOKEN=my-sandbox-token sh curl.sh
set -eu

call() { # call PATH [CURL-OPTION…]
    path=$1
    shift
    # From stdin, not as an argument: others can read those in the list of processes.
    printf 'header = "Authorization: Token %s"\n' "$COINBTR_TOKEN" |
        curl --config - --silent --show-error --fail-with-body "$@" "$COINBTR_BASE_URL$path"
    echo
}

post() { # post PATH JSON
    call "$1" --header "Content-Type: application/json" --data "$2"
}

echo "The best prices:"
call "/market/getorderbook?market=btc-mxn&limit=1"

echo "An order to buy; amounts are JSON numbers, with every digit that was written:"
answer=$(post /trading/place/buylimit '{"market": "btc-mxn", "amount": 0.01, "price": 900000.00}')
echo "$answer"
id=$(echo "$answer" | sed -n 's/.*"id": *\([0-9][0-9]*\).*/\1/p')

echo "Cancelled again:"
post /trading/cancel/buylimit "{\"id\": $id}"

echo "A refusal has a status of its own and says why:"
post /trading/place/buylimit '{"market": "btc-mxn", "amount": 100, "price": 900000}' || true
