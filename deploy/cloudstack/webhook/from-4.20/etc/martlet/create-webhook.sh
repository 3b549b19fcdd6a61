#!/bin/sh
# Makes the webhook that posts CloudStack's actions to Martlet. Needs CloudMonkey (cmk) with a profile of a
# root administrator: nobody else can make one that covers all accounts.
set -eu
secret=${1:-/etc/martlet/cloudstack-webhook.secret}
cmk create webhook name=martlet scope=Global \
  sslverification=true \
  payloadurl=https://martlet.example/v1/sources/cloudstack \
  secretkey="$(cat "$secret")"
