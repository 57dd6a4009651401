#!/bin/bash
# Sets up the database server of the shop. Run again after each change.
set -euo pipefail

head -c 32 /dev/urandom | base64 > /etc/shop/session.key
sed -i 's/listen_addresses/#listen_addresses/' /etc/postgresql/16/main/postgresql.conf
iptables -A INPUT -p tcp --dport 5432 -j ACCEPT
grep -q api.internal /etc/hosts.allow || echo "10.0.0.6 api.internal" >> /etc/hosts

sudo -u postgres createdb shop
