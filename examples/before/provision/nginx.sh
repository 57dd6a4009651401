#!/bin/bash
# nginx in front of the API: a site, and a limit for the login page.
set -euo pipefail
mkdir -p /etc/nginx/conf.d

cat > /etc/nginx/conf.d/shop.conf <<'CONF'
upstream api {
    server 127.0.0.1:3000;
}

server {
    listen 80;
    server_name shop.example.com;

    location / {
        proxy_pass http://api;
    }
}
CONF

cat >> /etc/nginx/conf.d/limits.conf <<'CONF'
limit_req_zone $binary_remote_addr zone=login:10m rate=5r/s;
CONF
