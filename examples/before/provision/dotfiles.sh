#!/bin/bash
# Puts the team's shell settings into the home of whoever runs it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

mkdir -p ~/.config/shop
cp "$here/files/aliases" ~/.config/shop/aliases
ln -s ~/.config/shop/aliases ~/.shop-aliases

echo 'source ~/.shop-aliases' >> ~/.bashrc
git config --global init.defaultBranch main
