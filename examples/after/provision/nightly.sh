#!/bin/sh
# The nightly backup, and how long its log is kept.
set -eu

cat > /etc/logrotate.d/shop-backup <<'CONF'
/var/log/shop-backup.log {
    weekly
    rotate 8
}
CONF

echo "MAILTO=ops@example.com" > /etc/cron.d/shop
echo "15 3 * * * shop /srv/shop/bin/backup >>/var/log/shop-backup.log 2>&1" >> /etc/cron.d/shop
