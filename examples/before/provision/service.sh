#!/bin/bash
# The shop as a service of systemd, started with the machine.
set -euo pipefail
mkdir -p /etc/default /etc/systemd/system/multi-user.target.wants

cat > /etc/systemd/system/shop.service <<'UNIT'
[Unit]
Description=Shop API
After=network-online.target

[Service]
EnvironmentFile=/etc/default/shop
ExecStart=/usr/bin/node /srv/shop/server.js
Restart=on-failure

[Install]
WantedBy=multi-user.target
UNIT

echo "NODE_ENV=production" >> /etc/default/shop
ln -s ../shop.service /etc/systemd/system/multi-user.target.wants/shop.service
