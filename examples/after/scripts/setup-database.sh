#!/bin/bash
# Sets up the database server of the shop. Run again after each change.
set -euo pipefail

[ -s /etc/shop/session.key ] || head -c 32 /dev/urandom | base64 > /etc/shop/session.key
sed -i 's/^listen_addresses/#listen_addresses/' /etc/postgresql/16/main/postgresql.conf
iptables -C INPUT -p tcp --dport 5432 -j ACCEPT || iptables -A INPUT -p tcp --dport 5432 -j ACCEPT
grep -q api.internal /etc/hosts || echo "10.0.0.6 api.internal" >> /etc/hosts

sudo -u postgres psql -lqt | cut -d'|' -f1 | grep -qw shop || sudo -u postgres createdb shop
