#!/bin/bash
# Sets up a server of the shop. Run again after each change.
set -e

apt-get install -y nginx

echo "export SHOP_ENV=production" >> /etc/profile.d/shop.sh
echo "10.0.0.5 db.internal" >> /etc/hosts

curl -L https://downloads.example.com/shop-agent -o /usr/local/bin/shop-agent
chmod +x /usr/local/bin/shop-agent

/opt/shop/bin/migrate up || true
npm run build || echo "build failed, going on"
