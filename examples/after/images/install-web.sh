#!/bin/sh
# Runs once, while the image is built.
set -eu
apt-get update
apt-get install -y nginx
systemctl enable nginx
