#!/bin/bash
# Creates an authority, and a certificate for each of the three nodes of the profile `cluster`. It
# keeps existing ones, so the job can run at every start. `renew` creates new certificates of the
# nodes with the same authority (docs/operating.md).
#   /authority      the authority's key: this job only
#   /trusted        the authority's certificate: nodes and clients
#   /certificates   a folder for each node, with certificate and key: nodes only
set -euo pipefail
NODE_DAYS=365
NODES=(172.30.240.11:esdb-1 172.30.240.12:esdb-2 172.30.240.13:esdb-3)
# The user of the nodes' image.
OWNER=1000:1000

if [ ! -f /authority/ca.crt ]; then
  rm -rf /authority/new
  es-gencert-cli create-ca -out /authority/new
  mv /authority/new/ca.key /authority/ca.key
  mv /authority/new/ca.crt /authority/ca.crt
  rmdir /authority/new
fi
cp /authority/ca.crt /trusted/ca.crt.new
chmod 0444 /trusted/ca.crt.new
mv /trusted/ca.crt.new /trusted/ca.crt

for node in "${NODES[@]}"; do
  address=${node%:*} name=${node#*:}
  folder=/certificates/$name
  if [ -f "$folder/node.key" ] && [ "${1:-}" != renew ]; then continue; fi
  rm -rf "/tmp/$name"
  es-gencert-cli create-node -ca-certificate /authority/ca.crt -ca-key /authority/ca.key -days "$NODE_DAYS" \
    -ip-addresses "127.0.0.1,$address" -dns-names "$name,localhost" -out "/tmp/$name"
  mkdir -p "$folder"
  for file in node.crt node.key; do
    rm -f "$folder/$file.new"
    cp "/tmp/$name/$file" "$folder/$file.new"
    chmod 0400 "$folder/$file.new"
    chown "$OWNER" "$folder/$file.new"
  done
  # The key is moved last: the check above takes it as the sign of a complete pair.
  mv -f "$folder/node.crt.new" "$folder/node.crt"
  mv -f "$folder/node.key.new" "$folder/node.key"
done
