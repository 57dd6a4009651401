#!/bin/sh
# Rolls a repaired image out.
set -eu
kubectl -n shop set image deployment/api "api=registry.example.com/shop/api:$1"
kubectl -n shop rollout status deployment/api --timeout=5m
