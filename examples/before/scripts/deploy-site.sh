#!/bin/sh
# Puts the pages that were built into the site's repository.
set -e
cp build/index.html /srv/site/index.html
cd /srv/site
git add index.html
git commit -m "New pages"
git push
