#!/bin/bash
# The account the shop runs as, and who may restart it. Run on each server by hand.
set -euo pipefail

id -u shop >/dev/null 2>&1 || useradd --system --home-dir /srv/shop --shell /usr/sbin/nologin shop
install -d -m 750 -o shop -g shop /srv/shop
install -d -m 750 /etc/sudoers.d

echo "%operators ALL=(root) NOPASSWD: /usr/bin/systemctl restart shop" >> /etc/sudoers.d/shop
chmod 440 /etc/sudoers.d/shop
