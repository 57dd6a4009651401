#!/bin/bash
# Takes a server of the shop to the next version.
set -euo pipefail

rm -f /etc/nginx/sites-enabled/default
systemctl reload nginx
